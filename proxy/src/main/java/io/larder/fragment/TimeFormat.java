package io.larder.fragment;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Writes times as {@code <!--# config timefmt="…" -->} asks for: strftime's conversions (POSIX) in the C locale. What is none
 * of those known here stands as it is.
 */
public final class TimeFormat {
    /** What holds where a page says nothing (nginx ngx_http_ssi_module). */
    public static final String DEFAULT = "%A, %d-%b-%Y %H:%M:%S %Z";

    private static final Map<Character, DateTimeFormatter> CONVERSIONS = Map.ofEntries(
            conversion('a', "EEE"),
            conversion('A', "EEEE"),
            conversion('b', "MMM"),
            conversion('h', "MMM"),
            conversion('B', "MMMM"),
            conversion('c', "EEE MMM ppd HH:mm:ss uuuu"),
            conversion('d', "dd"),
            conversion('D', "MM/dd/uu"),
            conversion('e', "ppd"),
            conversion('F', "uuuu-MM-dd"),
            conversion('H', "HH"),
            conversion('I', "hh"),
            conversion('j', "DDD"),
            conversion('m', "MM"),
            conversion('M', "mm"),
            conversion('p', "a"),
            conversion('r', "hh:mm:ss a"),
            conversion('R', "HH:mm"),
            conversion('S', "ss"),
            conversion('T', "HH:mm:ss"),
            conversion('x', "MM/dd/uu"),
            conversion('X', "HH:mm:ss"),
            conversion('y', "uu"),
            conversion('Y', "uuuu"),
            conversion('z', "xx"),
            conversion('Z', "z"));

    private TimeFormat() {}

    private static Map.Entry<Character, DateTimeFormatter> conversion(char letter, String pattern) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    /** {@code time} as {@code format} says. */
    public static String format(String format, ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                text.append(converted(format.charAt(++i), time));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String converted(char letter, ZonedDateTime time) {
        return switch (letter) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 's' -> Long.toString(time.toEpochSecond());
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'Z' -> time.getZone().equals(ZoneOffset.UTC) ? "GMT" : by(letter, time);
            default -> by(letter, time);
        };
    }

    private static String by(char letter, ZonedDateTime time) {
        DateTimeFormatter known = CONVERSIONS.get(letter);
        return known == null ? "%" + letter : known.format(time);
    }
}
