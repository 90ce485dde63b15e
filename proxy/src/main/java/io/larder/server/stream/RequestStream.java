package io.larder.server.stream;

import io.larder.exchange.Exchange;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.server.connection.Delimitation;

/**
 * The stream that one request came on, and that its response leaves by: one of HTTP/2 (RFC 9113 §5) or of HTTP/3 (RFC 9114 §4.1).
 * Nothing is written on one that has ended. Confined to the connection's loop.
 */
public interface RequestStream {
    /** No deadline is near. */
    long NEVER = Exchange.NO_DEADLINE;

    /** Why it is ended from here, before both sides have said all. */
    enum Fault {
        /** The response is complete; what is left of the request is not needed (RFC 9113 §8.1). */
        NONE,
        /** The response cannot be completed. */
        INTERNAL
    }

    /** How the writing of a response ended. */
    interface End {
        /** All of it is with the kernel. */
        void written();

        /** It broke off; the client must not take what it got for the whole. */
        void broken(Throwable cause);
    }

    /** Content on its way out. */
    interface Outflow {
        /** Stops, and lets the source go. */
        void cancel();

        /** Octets of content written so far. */
        long sent();
    }

    /** How the access log calls the protocol: {@code HTTP/2} or {@code HTTP/3}. */
    String protocol();

    /** Whether a response can still be written. */
    boolean isOpen();

    /** Whether the client takes what is written: interim responses are not worth waiting for. */
    boolean isRead();

    /** Writes an interim response (RFC 9110 §15.2). */
    void interim(int status, Headers headers);

    /** Writes the head of a final response, which is all of it. */
    void respond(Response response, Delimitation delimitation, End end);

    /** Writes the head of a final response, and {@code content} behind it as the client takes it. */
    Outflow respond(Response response, Delimitation delimitation, Source content, End end);

    /** So many octets of the request's content have been taken, for which the client may send others. */
    void taken(int octets);

    /** The client owes content until {@code deadline}, on the loop's clock: {@link StreamDelivery#check} is asked then. */
    void awaits(long deadline);

    /** What the client has sent is malformed: a stream error (RFC 9113 §8.1.1, RFC 9114 §4.1.2), which ops are told of. */
    void malformed(String reason);

    /** Ends it, both ways. */
    void reset(Fault fault);

    /**
     * Its delivery is over.
     *
     * @param answered whether the client has got its answer
     */
    void left(boolean answered);

    /** Its client has left before the answer came, on which somebody works on ({@code 1}); or it has come, for nobody ({@code -1}). */
    void departed(int more);
}
