package io.larder.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * {@code HTTP-date} (RFC 9110 §5.6.7): written as IMF-fixdate, read in its three forms and in no other. Names are read in
 * any case; whether the weekday fits the date is not looked at.
 */
public final class HttpDate {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String[] LONG_DAYS = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    };
    private static final int FIXDATE_LENGTH = 29;
    private static final int ASCTIME_LENGTH = 24;
    private static final int SECONDS_PER_DAY = 86_400;

    private HttpDate() {}

    /**
     * Reads a date.
     *
     * @param now tells the century of a two-digit year: more than 50 years ahead means the past (RFC 9110 §5.6.7)
     * @return null when the text is in none of the three forms
     */
    public static @Nullable Instant parse(String text, Instant now) {
        if (text.length() == FIXDATE_LENGTH && text.charAt(3) == ',') {
            return fixdate(text);
        }
        if (text.length() == ASCTIME_LENGTH && text.charAt(3) == ' ') {
            return asctime(text);
        }
        return rfc850(text, now);
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static @Nullable Instant fixdate(String t) {
        boolean shaped = isDay(t)
                && t.charAt(4) == ' '
                && t.charAt(7) == ' '
                && t.charAt(11) == ' '
                && t.charAt(16) == ' '
                && t.regionMatches(true, 25, " GMT", 0, 4);
        return shaped ? instant(number(t, 12, 4), month(t, 8), number(t, 5, 2), t, 17) : null;
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private static @Nullable Instant asctime(String t) {
        boolean shaped = isDay(t) && t.charAt(7) == ' ' && t.charAt(10) == ' ' && t.charAt(19) == ' ';
        int day = t.charAt(8) == ' ' ? number(t, 9, 1) : number(t, 8, 2);
        return shaped ? instant(number(t, 20, 4), month(t, 4), day, t, 11) : null;
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
    private static @Nullable Instant rfc850(String t, Instant now) {
        int comma = t.indexOf(',');
        if (comma < 0 || t.length() != comma + 24 || !isLongDay(t, comma)) {
            return null;
        }
        boolean shaped = t.charAt(comma + 1) == ' '
                && t.charAt(comma + 4) == '-'
                && t.charAt(comma + 8) == '-'
                && t.charAt(comma + 11) == ' '
                && t.regionMatches(true, comma + 20, " GMT", 0, 4);
        int twoDigits = number(t, comma + 9, 2);
        if (!shaped || twoDigits < 0) {
            return null;
        }
        int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
        int year = thisYear - Math.floorMod(thisYear, 100) + twoDigits;
        int month = month(t, comma + 5);
        int day = number(t, comma + 2, 2);
        Instant date = instant(year, month, day, t, comma + 12);
        boolean farAhead = date != null
                && date.isAfter(now.atOffset(ZoneOffset.UTC).plusYears(50).toInstant());
        return farAhead || date == null ? instant(year - 100, month, day, t, comma + 12) : date;
    }

    private static @Nullable Instant instant(int year, int month, int day, String t, int at) {
        int hour = number(t, at, 2);
        int minute = number(t, at + 3, 2);
        int second = number(t, at + 6, 2);
        boolean timely = t.charAt(at + 2) == ':'
                && t.charAt(at + 5) == ':'
                && hour >= 0
                && hour < 24
                && minute >= 0
                && minute < 60
                && second >= 0
                && second <= 60; // a leap second
        if (!timely || year < 0 || day < 1 || month < 1) {
            return null;
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            return Instant.ofEpochSecond(days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second);
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    private static boolean isDay(String t) {
        return indexOfName(DAYS, t, 0) >= 0;
    }

    private static boolean isLongDay(String t, int length) {
        for (String day : LONG_DAYS) {
            if (day.length() == length && t.regionMatches(true, 0, day, 0, length)) {
                return true;
            }
        }
        return false;
    }

    private static int month(String t, int at) {
        return indexOfName(MONTHS, t, at) + 1;
    }

    private static int indexOfName(String names, String t, int at) {
        for (int i = 0; i < names.length(); i += 3) {
            if (t.regionMatches(true, at, names, i, 3)) {
                return i / 3;
            }
        }
        return -1;
    }

    /** The {@code digits} digits at {@code at} as a number, or -1. */
    private static int number(String t, int at, int digits) {
        int n = 0;
        for (int i = at; i < at + digits; i++) {
            char c = t.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            n = n * 10 + (c - '0');
        }
        return n;
    }

    /** {@code instant}, cut to seconds, as IMF-fixdate: {@code Sun, 06 Nov 1994 08:49:37 GMT}. Years 0 to 9999. */
    public static String format(Instant instant) {
        long seconds = instant.getEpochSecond();
        long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
        int time = Math.floorMod(seconds, SECONDS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(days);
        char[] text = "Sun, 06 Nov 1994 08:49:37 GMT".toCharArray();
        int day = Math.floorMod(days + 3, 7); // 1970-01-01 was a Thursday
        DAYS.getChars(day * 3, day * 3 + 3, text, 0);
        int month = date.getMonthValue() - 1;
        MONTHS.getChars(month * 3, month * 3 + 3, text, 8);
        put(text, 5, date.getDayOfMonth());
        put(text, 12, date.getYear() / 100);
        put(text, 14, date.getYear() % 100);
        put(text, 17, time / 3600);
        put(text, 20, time / 60 % 60);
        put(text, 23, time % 60);
        return new String(text);
    }

    private static void put(char[] text, int at, int twoDigits) {
        text[at] = (char) ('0' + twoDigits / 10);
        text[at + 1] = (char) ('0' + twoDigits % 10);
    }
}
