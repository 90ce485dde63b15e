package io.larder.upstream;

import org.jspecify.annotations.Nullable;

/**
 * How the servers of an upstream are spoken with.
 *
 * @param tls null for none
 * @param preface what is said of the client before everything else
 */
public record Access(Protocol protocol, @Nullable UpstreamTls tls, Preface preface) {
    /** HTTP/1.1 without more ado. */
    public static final Access PLAIN = new Access(Protocol.HTTP_1_1, null, Preface.OFF);

    public Access {
        if (protocol == Protocol.HTTP_2 && preface != Preface.OFF) {
            throw new IllegalArgumentException(
                    "the PROXY protocol names one client for a whole connection, and HTTP/2 carries the requests of many on one");
        }
    }

    /** The version of HTTP, known beforehand: it is never negotiated down. */
    public enum Protocol {
        HTTP_1_1,
        /** Over TLS agreed on by ALPN, else by prior knowledge (RFC 9113 §3.3). */
        HTTP_2
    }

    /** Which version of the PROXY protocol a connection begins with. Such a connection carries one request only. */
    public enum Preface {
        OFF,
        V1,
        V2
    }

    /** What {@code :scheme} says of requests that go this way. */
    String scheme() {
        return tls == null ? "http" : "https";
    }
}
