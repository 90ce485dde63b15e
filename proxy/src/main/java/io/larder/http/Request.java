package io.larder.http;

import org.jspecify.annotations.Nullable;

/**
 * A request (RFC 9110 §3.4) as the gateway sees it. Framing fields ({@code Content-Length}, {@code Transfer-Encoding})
 * are not among its headers: the body knows its length, and each hop frames anew.
 *
 * @param method a token, case-sensitive
 * @param headers without framing fields; Host as received
 * @param protocol that the connection is to be switched to, such as {@code websocket} (RFC 9110 §7.8): the body is what the
 *     client says once it is, and must not be read before; null: none
 */
public record Request(
        String method,
        Target target,
        Headers headers,
        Body body,
        @Nullable String protocol) {

    /** A request that leaves the protocol as it is. */
    public Request(String method, Target target, Headers headers, Body body) {
        this(method, target, headers, body, null);
    }

    /** A request without content; for children, probes and tests. */
    public static Request get(Target target, Headers headers) {
        return new Request("GET", target, headers, Body.none());
    }

    public boolean is(String other) {
        return method.equals(other);
    }

    /** Whether the method is defined to change nothing (RFC 9110 §9.2.1). */
    public boolean isSafe() {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Whether sending it twice is defined to do no more than sending it once (RFC 9110 §9.2.2). */
    public boolean isIdempotent() {
        return isSafe() || is("PUT") || is("DELETE");
    }

    public Request withHeaders(Headers other) {
        return new Request(method, target, other, body, protocol);
    }

    public Request withTarget(Target other) {
        return new Request(method, other, headers, body, protocol);
    }

    public Request withMethod(String other) {
        return new Request(other, target, headers, body, protocol);
    }

    public Request withBody(Body other) {
        return new Request(method, target, headers, other, protocol);
    }

    /** Whether the connection is to become something else than HTTP. */
    public boolean isUpgrade() {
        return protocol != null;
    }

    /** The same for a connection that stays what it is: the server may answer as if it had not been asked (RFC 9110 §7.8). */
    public Request withoutProtocol() {
        return protocol == null ? this : new Request(method, target, headers, Body.none());
    }
}
