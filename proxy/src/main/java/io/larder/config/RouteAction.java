package io.larder.config;

import io.larder.config.source.Text;
import org.jspecify.annotations.Nullable;

/** A value: who answers a route's requests. */
public sealed interface RouteAction {
    /**
     * A server of an upstream.
     *
     * @param upstream its name; null: the site's
     * @param rewrite the path that servers see, {@code {name}} and {@code {**}} filled in; null: the client's
     */
    record Forward(@Nullable String upstream, @Nullable String rewrite) implements RouteAction {}

    /**
     * The gateway, with a redirect.
     *
     * @param to the target, {@code {name}} and {@code {**}} filled in
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(String to, int status) implements RouteAction {}

    /** The gateway, with a fixed response. */
    record Respond(int status, Text body, String contentType) implements RouteAction {}
}
