package io.larder.route;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Query;
import io.larder.http.Request;
import io.larder.policy.Cookies;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request must bring, besides its path, for a route to take it. All of it must hold.
 *
 * @param methods any of these; empty: any at all
 * @param headers a field whose combined value the glob matches
 * @param query a parameter whose value the glob matches
 * @param cookies a cookie whose value the glob matches
 */
public record Conditions(
        Set<String> methods, Map<FieldName, Glob> headers, Map<String, Glob> query, Map<String, Glob> cookies) {
    /** No conditions. */
    public static final Conditions NONE = new Conditions(Set.of(), Map.of(), Map.of(), Map.of());

    public Conditions {
        methods = Set.copyOf(methods);
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
        cookies = Map.copyOf(cookies);
    }

    /**
     * What tells the responses to requests that meet these conditions from those to others, where their URLs do not: the
     * same text for the same conditions; empty where there are none. Methods do not count: only GET is stored.
     */
    String partition() {
        if (headers.isEmpty() && query.isEmpty() && cookies.isEmpty()) {
            return "";
        }
        return sorted(headers) + sorted(query) + sorted(cookies);
    }

    private static String sorted(Map<?, Glob> conditions) {
        Map<String, String> texts = new TreeMap<>();
        conditions.forEach((name, glob) -> texts.put(name.toString(), glob.toString()));
        return texts.toString();
    }

    boolean accept(Request request) {
        return (methods.isEmpty() || methods.contains(request.method()))
                && (headers.isEmpty() || headersMatch(request))
                && (query.isEmpty() || queryMatches(request))
                && (cookies.isEmpty() || cookiesMatch(request));
    }

    /** The first condition that {@code request} does not meet, in words such as {@code cookie beta}; null: it meets all. */
    @Nullable
    String unmet(Request request) {
        if (!methods.isEmpty() && !methods.contains(request.method())) {
            return "method";
        }
        return Stream.of(
                        first("header", headers, wanted -> headerMatches(wanted, request)),
                        first("query parameter", query, wanted -> queryMatches(wanted, request)),
                        first("cookie", cookies, wanted -> cookieMatches(wanted, request)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private static <K> Optional<String> first(String kind, Map<K, Glob> wanted, Predicate<Map.Entry<K, Glob>> met) {
        return wanted.entrySet().stream()
                .filter(met.negate())
                .map(unmet -> kind + " " + unmet.getKey())
                .sorted()
                .findFirst();
    }

    private boolean headersMatch(Request request) {
        return headers.entrySet().stream().allMatch(wanted -> headerMatches(wanted, request));
    }

    private static boolean headerMatches(Map.Entry<FieldName, Glob> wanted, Request request) {
        String value = request.headers().combined(wanted.getKey());
        return value != null && wanted.getValue().matches(value);
    }

    private boolean queryMatches(Request request) {
        return query.entrySet().stream().allMatch(wanted -> queryMatches(wanted, request));
    }

    private static boolean queryMatches(Map.Entry<String, Glob> wanted, Request request) {
        return Query.parameters(request.target().query()).stream()
                .anyMatch(has -> has.getKey().equals(wanted.getKey())
                        && wanted.getValue().matches(has.getValue()));
    }

    private boolean cookiesMatch(Request request) {
        return cookies.entrySet().stream().allMatch(wanted -> cookieMatches(wanted, request));
    }

    private static boolean cookieMatches(Map.Entry<String, Glob> wanted, Request request) {
        String value = Cookies.value(request.headers(), wanted.getKey());
        return value != null && wanted.getValue().matches(value);
    }
}
