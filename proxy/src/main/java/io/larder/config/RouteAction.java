package io.larder.config;

import io.larder.config.source.Text;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value: who answers a route's requests. */
public sealed interface RouteAction {
    /**
     * A server of an upstream.
     *
     * @param destination where to; null: the site's upstream
     * @param writes where requests go that change something; null: where all the others go
     * @param rewrite the path that servers see, {@code {name}} and {@code {**}} filled in; null: the client's
     */
    record Forward(
            @Nullable Destination destination,
            @Nullable Writes writes,
            @Nullable String rewrite) implements RouteAction {}

    /**
     * The gateway, with a redirect.
     *
     * @param to the target, {@code {name}} and {@code {**}} filled in
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(String to, int status) implements RouteAction {}

    /** The gateway, with a fixed response. */
    record Respond(int status, Text body, String contentType) implements RouteAction {}

    /** Which upstream that is. */
    sealed interface Destination {
        /** The names of all that it can be. */
        Set<String> upstreams();
    }

    /** One, by its name. */
    record ToUpstream(String upstream) implements Destination {
        @Override
        public Set<String> upstreams() {
            return Set.of(upstream);
        }
    }

    /**
     * One of several, for each client the same.
     *
     * @param shares how many clients of ten thousand each is given, by name, in the order written; together all of them
     */
    record Split(Map<String, Integer> shares) implements Destination {
        /** All clients. */
        public static final int WHOLE = 10_000;

        public Split {
            shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
            int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
            Checks.require(sum == WHOLE, "the shares add up to the whole");
        }

        @Override
        public Set<String> upstreams() {
            return shares.keySet();
        }
    }

    /**
     * The other half of a route that reads here and writes there.
     *
     * @param upstream the name of the one that is written to
     * @param readYours how long after a write that client's reads go there too; null: not at all
     */
    record Writes(String upstream, @Nullable Duration readYours) {}
}
