package io.larder.exchange;

import io.larder.http.Request;

/** Is told of every exchange when it is over. Called on the exchange's loop; must neither block nor throw. */
public interface Telemetry {
    /** Nobody listens. */
    Telemetry NONE = (exchange, request, outcome) -> {};

    /**
     * How the delivery to the client went.
     *
     * @param status sent, or 0 where the client left before one was
     * @param sent body bytes written
     * @param received request body bytes read
     * @param nanos from the request's first byte to the response's last
     * @param complete whether the whole response was written
     */
    record Outcome(int status, long sent, long received, long nanos, boolean complete) {}

    void finished(Exchange exchange, Request request, Outcome outcome);

    /**
     * A request was refused before it became one: malformed, too large or too slow.
     *
     * @param status the client was answered
     * @param reason one line of a closed set, nothing of what the client sent
     */
    default void rejected(Client client, int status, String reason) {}

    /** Why a connection was closed before a request could come on it. */
    enum Turned {
        /** It did not begin with a PROXY header that can be read, or not in time. */
        PROXY_HEADER("proxy-header"),
        /** It came from a peer whose PROXY header is not believed. */
        PROXY_UNTRUSTED("proxy-untrusted"),
        /** There were enough connections of all clients already. */
        CONNECTION_LIMIT("connection-limit"),
        /** Its client had enough connections already. */
        CLIENT_LIMIT("client-limit");

        private final String code;

        Turned(String code) {
            this.code = code;
        }

        /** For metrics. */
        public String code() {
            return code;
        }
    }

    /** A connection was closed before a request could come on it. */
    default void turnedAway(Turned why) {}

    /**
     * A TLS handshake with a client has succeeded.
     *
     * @param version that was agreed on, such as {@code TLSv1.3}
     */
    default void shaken(Client client, String version) {}

    /**
     * A TLS handshake with a client has failed.
     *
     * @param reason a word of a closed set
     */
    default void unshaken(Client client, String reason) {}

    /**
     * A connection is closed because its client did too much of something that costs it nothing. Comes once a connection.
     *
     * @param protocol that was spoken, such as {@code HTTP/2}
     * @param kind of what, of a closed set, such as {@code resets}
     */
    default void flooded(Client client, String protocol, String kind) {}
}
