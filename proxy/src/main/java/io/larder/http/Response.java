package io.larder.http;

/**
 * A final response (RFC 9110 §3.4). Its headers carry {@code Content-Length} only where that is information about a
 * body that is not sent (HEAD, 304); {@code Transfer-Encoding} never: whoever writes it frames the body anew.
 *
 * @param reason the reason phrase, possibly empty
 * @param headers end-to-end fields; of a stored response, shared by all its deliveries
 * @param added the fields of this one delivery ({@code Age}, {@code Cache-Status}, …), written after {@code headers}
 */
public record Response(int status, String reason, Headers headers, Headers added, Body body) {

    public Response(int status, String reason, Headers headers, Body body) {
        this(status, reason, headers, Headers.EMPTY, body);
    }

    public static Response of(int status, Headers headers, Body body) {
        return new Response(status, Status.reason(status), headers, body);
    }

    /** This response with {@code more} among the fields of this delivery. */
    public Response adding(Headers more) {
        Headers all = added.isEmpty() ? more : added.toBuilder().addAll(more).build();
        return new Response(status, reason, headers, all, body);
    }

    public Response withHeaders(Headers other) {
        return new Response(status, reason, other, added, body);
    }

    public Response withBody(Body other) {
        return new Response(status, reason, headers, added, other);
    }

    /** Whether a response with this status never has content (RFC 9110 §6.4.1): 1xx, 204, 304. */
    public static boolean isBodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }
}
