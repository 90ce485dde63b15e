package io.larder.server.tls;

import io.larder.http.Authority;
import org.jspecify.annotations.Nullable;

/**
 * What TLS has come to on one connection. A value.
 *
 * @param protocol what is spoken on it (RFC 7301): what was agreed on, {@code http/1.1} where nothing was
 * @param name which the client asked for, in lower case; null where it named none
 * @param choice which certificate goes with which name
 */
public record Secured(String protocol, @Nullable String name, CertificateChoice choice) {
    /** What a client is told whose host does not belong to what it was shown. */
    public static final String MISDIRECTED = "the host belongs to another certificate than the one that was asked for";

    /**
     * Whether a request for {@code host} may come this way: not where another certificate would have been shown to who had
     * asked for that host (RFC 9110 §15.5.20).
     */
    public boolean answersFor(Authority host) {
        return name == null || choice.of(host.host()) == choice.of(name);
    }
}
