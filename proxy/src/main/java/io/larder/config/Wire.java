package io.larder.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A value: how an upstream's servers are spoken with.
 *
 * @param tls how they are trusted; null exactly where {@code protocol} is plain
 * @param proxyProtocol what a connection begins with, so that a server knows the client's address
 * @param host the Host that they see
 */
public record Wire(
        Protocol protocol,
        @Nullable UpstreamTls tls,
        ProxyProtocol proxyProtocol,
        HostHeader host,
        UnknownCoding unknownTransferCoding) {
    public Wire {
        Checks.require((tls != null) == protocol.isSecure(), "TLS belongs to protocols that use it");
    }

    /** A protocol spoken with servers. */
    public enum Protocol {
        /** HTTP/1.1 in the clear. */
        HTTP_1_1(false),
        /** HTTP/2 in the clear, by prior knowledge. */
        H2C(false),
        /** HTTP/1.1 over TLS. */
        HTTPS(true),
        /** HTTP/2 over TLS. */
        H2(true);

        private final boolean secure;

        Protocol(boolean secure) {
            this.secure = secure;
        }

        /** Whether it is spoken over TLS. */
        public boolean isSecure() {
            return secure;
        }
    }

    /** Whether, and in which version, the PROXY protocol precedes everything else. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2
    }

    /** What to do with a response in a transfer coding that is not known (RFC 9112 §6.1). */
    public enum UnknownCoding {
        REFUSE,
        READ_TO_CLOSE
    }

    /**
     * How servers are trusted, and what is shown to them. Files are absolute and in PEM.
     *
     * @param ca whom to trust; null: whom the system trusts
     * @param serverName the name they are asked for and must bear; null: the host of a server's address
     * @param verify whether certificates are looked at at all
     * @param cert what to show to a server that asks; null: nothing
     * @param key of {@code cert}; null only together with it
     */
    public record UpstreamTls(
            @Nullable Path ca,
            @Nullable String serverName,
            boolean verify,
            @Nullable Path cert,
            @Nullable Path key) {
        public UpstreamTls {
            Checks.require((cert == null) == (key == null), "a certificate and its key belong together");
        }
    }
}
