package io.larder.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives of {@code Cache-Control} (RFC 9111 §5.2), of a request or of a response. Parsing is total: unknown
 * directives are kept and ignored, a duration that is none counts as zero, and the first of several decides (§4.2.1).
 */
public final class CacheControl {
    /** No directive at all. */
    public static final CacheControl NONE = new CacheControl(Map.of());

    /** What a duration is that was not written. */
    public static final long ABSENT = -1;

    /** The largest duration, in seconds, that is told from a larger one (RFC 9111 §1.2.2 asks for at least 2³¹). */
    public static final long MAX_SECONDS = 1L << 31;

    private static final String NO_ARGUMENT = "";

    private final Map<String, String> directives;

    private CacheControl(Map<String, String> directives) {
        this.directives = directives;
    }

    /** The directives of all {@code Cache-Control} lines of {@code headers}. */
    public static CacheControl of(Headers headers) {
        return of(headers, Fields.CACHE_CONTROL);
    }

    /** The directives of all lines called {@code name}, which has the grammar of {@code Cache-Control}. */
    public static CacheControl of(Headers headers, FieldName name) {
        return headers.contains(name) ? parse(FieldList.of(headers, name)) : NONE;
    }

    /** The directives of one field value. */
    public static CacheControl parse(String value) {
        return parse(FieldList.members(value));
    }

    /** The directives by name in lower case, with unquoted arguments, empty ones for none. */
    static CacheControl of(Map<String, String> directives) {
        return directives.isEmpty() ? NONE : new CacheControl(Map.copyOf(directives));
    }

    static CacheControl parse(List<String> members) {
        Map<String, String> directives = HashMap.newHashMap(members.size());
        for (String member : members) {
            note(member, directives);
        }
        return directives.isEmpty() ? NONE : new CacheControl(directives);
    }

    private static void note(String member, Map<String, String> directives) {
        int equals = member.indexOf('=');
        if (equals < 0) {
            add(lower(member), NO_ARGUMENT, directives);
            return;
        }
        String name = FieldList.trim(member, 0, equals);
        boolean spaced = name.length() != equals
                || (equals + 1 < member.length() && FieldList.isSpace(member.charAt(equals + 1)));
        if (spaced && !restricts(lower(name))) {
            return; // not the grammar, so no directive; but a restriction is honoured however it is written
        }
        String argument = FieldList.trim(member, equals + 1, member.length());
        boolean ofFields =
                isOfFields(lower(name)) && (spaced || unquoted(argument).equals(argument));
        add(lower(name), ofFields ? NO_ARGUMENT : unquoted(argument), directives);
    }

    private static void add(String name, String argument, Map<String, String> directives) {
        if (isOfFields(name)) {
            directives.merge(name, argument, CacheControl::widest);
        } else {
            directives.putIfAbsent(name, argument);
        }
    }

    /**
     * Whether it may be limited to fields (RFC 9111 §5.2.2.4, §5.2.2.7). Only a quoted list limits it: without quotes the
     * list would end at its first comma, and what it was to protect would be shared.
     */
    private static boolean isOfFields(String name) {
        return name.equals("private") || name.equals("no-cache");
    }

    /** Said twice, it holds for all that either names; for everything, if one names nothing. */
    private static String widest(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? NO_ARGUMENT : one + "," + other;
    }

    private static boolean restricts(String name) {
        return switch (name) {
            case "no-store", "no-cache", "private", "must-revalidate", "proxy-revalidate", "must-understand" -> true;
            default -> false;
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A recipient ought to accept both forms of an argument, whichever the directive is defined with (RFC 9111 §5.2). */
    private static String unquoted(String argument) {
        boolean quoted = argument.length() >= 2 && argument.startsWith("\"") && argument.endsWith("\"");
        return quoted ? argument.substring(1, argument.length() - 1) : argument;
    }

    public boolean isEmpty() {
        return directives.isEmpty();
    }

    /** Whether {@code directive}, in lower case, is there, with or without an argument. */
    public boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /** The argument of {@code directive}, unquoted, empty where it has none; null where the directive is absent. */
    public @Nullable String argument(String directive) {
        return directives.get(directive);
    }

    /**
     * What {@code directive} lists as the fields it is limited to (RFC 9111 §5.2.2.4, §5.2.2.7), which may be no field
     * names at all; empty: it is unqualified or absent.
     */
    public List<String> fieldNames(String directive) {
        String argument = directives.get(directive);
        return argument == null ? List.of() : FieldList.members(argument);
    }

    /**
     * The argument of {@code directive} in seconds, at most {@link #MAX_SECONDS}; 0 where it is not {@code delta-seconds}
     * (RFC 9111 §4.2.1: invalid freshness information means stale); {@link #ABSENT} without the directive.
     */
    public long seconds(String directive) {
        String argument = directives.get(directive);
        if (argument == null) {
            return ABSENT;
        }
        return Math.max(0, deltaSeconds(argument));
    }

    /**
     * {@code delta-seconds} (RFC 9111 §1.2.2): digits only, larger values cut to {@link #MAX_SECONDS}.
     *
     * @return {@link #ABSENT} for any other text
     */
    public static long deltaSeconds(String text) {
        if (text.isEmpty()) {
            return ABSENT;
        }
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return ABSENT;
            }
            seconds = Math.min(MAX_SECONDS, seconds * 10 + (c - '0'));
        }
        return seconds;
    }

    @Override
    public String toString() {
        return "CacheControl" + directives;
    }
}
