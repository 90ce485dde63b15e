package io.larder.route;

import io.larder.http.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route does with a request. */
public sealed interface Action {
    /**
     * Sends it to an upstream.
     *
     * @param rewrite the path for the origin; null leaves it as it is
     */
    record Proxy(Destination to, @Nullable Template rewrite) implements Action {
        /** All to one upstream. */
        public Proxy(String upstream, @Nullable Template rewrite) {
            this(Destination.of(upstream), rewrite);
        }

        /** What the origin is asked for in place of {@code target}, which {@code pattern} has matched. */
        public Target rewritten(PathPattern pattern, Target target) {
            Map<String, String> captures = rewrite == null ? null : pattern.captures(target.path());
            if (rewrite == null || captures == null) {
                return target;
            }
            String path = rewrite.fill(captures);
            boolean ownQuery = path.indexOf('?') >= 0 || target.query() == null;
            return target.withPathAndQuery(ownQuery ? path : path + "?" + target.query());
        }
    }

    /** Answers with a redirect. */
    record Redirect(Template to, int status) implements Action {}

    /** Answers with fixed content. */
    record Respond(int status, String body, String contentType) implements Action {}
}
