package io.larder.policy;

import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The cookies of a request (RFC 6265 §4.2), read in place. Total: what is no pair is a name without a value. */
public final class Cookies {
    private Cookies() {}

    /** {@code request} without the cookies that {@code ignored} names; itself where it carries none of them. */
    public static Request drop(Request request, List<Glob> ignored) {
        Headers headers = request.headers();
        if (ignored.isEmpty() || !headers.contains(Fields.COOKIE) || named(headers, ignored) == null) {
            return request;
        }
        Headers rest = headers.without(Fields.COOKIE);
        String kept = joined(headers, pair -> !pair.named(ignored));
        return request.withHeaders(kept.isEmpty() ? rest : rest.with(Fields.COOKIE, kept));
    }

    /** {@code request} without the cookies that are called so; itself where it carries none of them. */
    public static Request without(Request request, List<String> names) {
        Headers headers = request.headers();
        if (names.isEmpty() || !headers.contains(Fields.COOKIE) || !any(headers, names::contains)) {
            return request;
        }
        Headers rest = headers.without(Fields.COOKIE);
        String kept = joined(headers, pair -> !names.contains(pair.name()));
        return request.withHeaders(kept.isEmpty() ? rest : rest.with(Fields.COOKIE, kept));
    }

    /** {@code headers} with a cookie of that name and value, and no other of that name. */
    public static Headers with(Headers headers, String name, String value) {
        String others = joined(headers, pair -> !pair.name().equals(name));
        String own = name + "=" + value;
        return headers.without(Fields.COOKIE).with(Fields.COOKIE, others.isEmpty() ? own : others + "; " + own);
    }

    /** {@code request} with no other cookies than those called so. */
    static Request keep(Request request, List<String> names) {
        Headers headers = request.headers();
        if (!headers.contains(Fields.COOKIE)) {
            return request;
        }
        Headers rest = headers.without(Fields.COOKIE);
        String kept = joined(headers, pair -> names.contains(pair.name()));
        return request.withHeaders(kept.isEmpty() ? rest : rest.with(Fields.COOKIE, kept));
    }

    private static String joined(Headers headers, Predicate<Pair> keeps) {
        StringBuilder kept = new StringBuilder();
        visit(headers, pair -> {
            if (keeps.test(pair)) {
                kept.append(kept.isEmpty() ? "" : "; ").append(pair.text());
            }
            return false;
        });
        return kept.toString();
    }

    /** The name of the first cookie that one of {@code globs} matches, or null. */
    static @Nullable String named(Headers headers, List<Glob> globs) {
        if (globs.isEmpty()) {
            return null;
        }
        Pair found = visit(headers, pair -> pair.named(globs));
        return found == null ? null : found.name();
    }

    /** The name of the first cookie that one of {@code globs} matches and that is none of {@code but}, or null. */
    static @Nullable String named(Headers headers, List<Glob> globs, List<String> but) {
        Pair found = visit(headers, pair -> pair.named(globs) && !but.contains(pair.name()));
        return found == null ? null : found.name();
    }

    /** Whether one of the cookies has a name that {@code matches} accepts. */
    static boolean any(Headers headers, Predicate<String> matches) {
        return visit(headers, pair -> matches.test(pair.name())) != null;
    }

    /** The names of all cookies, in order. */
    public static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        visit(headers, pair -> {
            names.add(pair.name());
            return false;
        });
        return names;
    }

    /** The values of all cookies called {@code name}, in order. */
    static List<String> values(Headers headers, String name) {
        List<String> values = new ArrayList<>(1);
        visit(headers, pair -> {
            if (pair.name().equals(name)) {
                values.add(pair.value());
            }
            return false;
        });
        return values;
    }

    /** Shows {@code taker} every cookie, in order. */
    static void each(Headers headers, BiConsumer<String, String> taker) {
        visit(headers, pair -> {
            taker.accept(pair.name(), pair.value());
            return false;
        });
    }

    /** The value of the first cookie called {@code name}, or null. */
    public static @Nullable String value(Headers headers, String name) {
        Pair found = visit(headers, pair -> pair.name().equals(name));
        return found == null ? null : found.value();
    }

    /** One cookie inside a field value. */
    private record Pair(String line, int start, int equals, int end) {
        String name() {
            return line.substring(start, equals);
        }

        String value() {
            return equals == end ? "" : line.substring(equals + 1, end);
        }

        String text() {
            return line.substring(start, end);
        }

        boolean named(List<Glob> globs) {
            for (Glob glob : globs) {
                if (glob.matches(line, start, equals)) {
                    return true;
                }
            }
            return false;
        }
    }

    private interface Visitor {
        /** Whether {@code pair} is the one that was looked for. */
        boolean visit(Pair pair);
    }

    private static @Nullable Pair visit(Headers headers, Visitor visitor) {
        for (int i = headers.indexOf(Fields.COOKIE, 0); i >= 0; i = headers.indexOf(Fields.COOKIE, i + 1)) {
            Pair found = visit(headers.value(i), visitor);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Pair visit(String line, Visitor visitor) {
        for (int start = 0; start < line.length(); ) {
            int semicolon = line.indexOf(';', start);
            int end = semicolon < 0 ? line.length() : semicolon;
            Pair pair = pair(line, start, end);
            if (pair.start < pair.end && visitor.visit(pair)) {
                return pair;
            }
            start = end + 1;
        }
        return null;
    }

    private static Pair pair(String line, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isSpace(line.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(line.charAt(to - 1))) {
            to--;
        }
        int equals = line.indexOf('=', from);
        return new Pair(line, from, equals < 0 || equals > to ? to : equals, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
