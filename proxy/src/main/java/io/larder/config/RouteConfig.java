package io.larder.config;

import io.larder.config.source.Origin;
import io.larder.config.source.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value: what happens to requests of a shape.
 *
 * @param name a label for metrics and logs; several routes may share it
 * @param path a pattern of valid syntax: {@code {name}} and {@code *} stand for one segment, {@code **} for the rest
 * @param admission who is let in; what it does not say is as the site says
 */
public record RouteConfig(
        String name,
        String path,
        Match match,
        RouteAction action,
        RouteCacheConfig cache,
        FragmentsConfig fragments,
        AdmissionConfig admission,
        Origin origin) {
    public RouteConfig {
        Checks.require(path.startsWith("/"), "a path begins with a slash");
    }

    /**
     * What a request must have besides the path; texts are globs. Empty: nothing is asked.
     *
     * @param methods upper case as written
     */
    public record Match(
            List<String> methods, Map<String, Text> headers, Map<String, Text> query, Map<String, Text> cookies) {
        /** Asks nothing. */
        public static final Match ANY = new Match(List.of(), Map.of(), Map.of(), Map.of());

        public Match {
            methods = List.copyOf(methods);
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
            cookies = Collections.unmodifiableMap(new LinkedHashMap<>(cookies));
        }
    }
}
