package io.larder.route;

import org.jspecify.annotations.Nullable;

/** What a route does with a request. */
public sealed interface Action {
    /**
     * Sends it to an upstream.
     *
     * @param rewrite the path for the origin; null leaves it as it is
     */
    record Proxy(String upstream, @Nullable Template rewrite) implements Action {}

    /** Answers with a redirect. */
    record Redirect(Template to, int status) implements Action {}

    /** Answers with fixed content. */
    record Respond(int status, String body, String contentType) implements Action {}
}
