package io.larder.server.connection;

import io.larder.http.Body;
import io.larder.http.Response;

/** How a client is told where a response ends (RFC 9112 §6). */
public sealed interface Delimitation {
    /**
     * No content follows the head.
     *
     * @param length to be declared all the same: what a GET would have got; {@link Body#UNKNOWN} to declare none
     */
    record Nothing(long length) implements Delimitation {}

    /** {@code Content-Length}. */
    record Length(long length) implements Delimitation {}

    /** {@code Transfer-Encoding: chunked}. */
    record Chunks() implements Delimitation {}

    /** The close of the connection: HTTP/1.0 knows nothing else for content of unknown length. */
    record Close() implements Delimitation {}

    /** How {@code response} to a request with method HEAD, or not, of HTTP/1.{@code minor} is delimited. */
    static Delimitation of(Response response, boolean head, int minor) {
        if (Response.isBodiless(response.status())) {
            return new Nothing(Body.UNKNOWN);
        }
        long length = response.body().length();
        if (head) {
            return new Nothing(response.body().isEmpty() ? Body.UNKNOWN : length);
        }
        if (length != Body.UNKNOWN) {
            return new Length(length);
        }
        return minor == 0 ? new Close() : new Chunks();
    }

    /** The length to write, or {@link Body#UNKNOWN}. */
    default long declared() {
        return switch (this) {
            case Nothing nothing -> nothing.length();
            case Length length -> length.length();
            case Chunks chunks -> Body.UNKNOWN;
            case Close close -> Body.UNKNOWN;
        };
    }

    /** Whether a {@code Content-Length} among the response's own headers is information that stays (RFC 9110 §8.6). */
    default boolean keepsLengthField(int status) {
        return this instanceof Nothing nothing && nothing.length() == Body.UNKNOWN && (status >= 200 && status != 204);
    }
}
