package io.larder.scenario;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Fills in what a scenario cannot know: dates, its own host, ports. */
final class Words {
    private static final Pattern DATE = Pattern.compile("\\{now(?:([+-])(\\w+))?(?: as (\\w+))?}");
    private static final Pattern TIMES = Pattern.compile("\\{(\\d+) times (\\S)}");

    private final InstantSource clock;
    private final Map<String, String> known;

    /** @param known what stands for itself in braces */
    Words(InstantSource clock, Map<String, String> known) {
        this.clock = clock;
        this.known = Map.copyOf(known);
    }

    String fill(String text) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        String filled = DATE.matcher(text).replaceAll(this::date);
        filled = TIMES.matcher(filled).replaceAll(times -> times.group(2).repeat(Integer.parseInt(times.group(1))));
        for (Map.Entry<String, String> word : known.entrySet()) {
            filled = filled.replace("{" + word.getKey() + "}", word.getValue());
        }
        return filled;
    }

    private String date(MatchResult found) {
        Instant when = clock.instant();
        if (found.group(1) != null) {
            var shift = ScenarioFile.duration(found.group(2), found.group());
            when = found.group(1).equals("+") ? when.plus(shift) : when.minus(shift);
        }
        if ("millis".equals(found.group(3))) {
            return Long.toString(when.toEpochMilli());
        }
        return format(found.group(3) == null ? "imf" : found.group(3)).format(when.atZone(ZoneOffset.UTC));
    }

    /** RFC 9110 §5.6.7, written a second time, so that a mistake in the gateway's own does not hide itself. */
    private static DateTimeFormatter format(String name) {
        String pattern = switch (name) {
            case "imf" -> "EEE, dd MMM yyyy HH:mm:ss 'GMT'";
            case "rfc850" -> "EEEE, dd-MMM-yy HH:mm:ss 'GMT'";
            case "asctime" -> "EEE MMM ppd HH:mm:ss yyyy";
            default -> throw new BadScenario("no date format is called " + name);
        };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
