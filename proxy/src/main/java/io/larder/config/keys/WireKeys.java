package io.larder.config.keys;

import io.larder.config.HostHeader;
import io.larder.config.UpstreamConfig;
import io.larder.config.Wire;
import io.larder.config.Wire.Protocol;
import io.larder.config.Wire.ProxyProtocol;
import io.larder.config.Wire.UnknownCoding;
import io.larder.config.Wire.UpstreamTls;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that say how an upstream's servers are spoken with. */
final class WireKeys {
    static final Key<UpstreamConfig, Protocol> PROTOCOL = Key.of(
            "protocol",
            Scalar.choice(protocols()),
            Protocol.HTTP_1_1,
            upstream -> upstream.wire().protocol(),
            "What is spoken with the servers; https is HTTP/1.1 and h2 is HTTP/2 over TLS, h2c is HTTP/2 without.");
    static final Key<UpstreamConfig, UpstreamTls> TLS = Key.optional(
            "tls",
            UpstreamTlsKeys.SECTION,
            upstream -> upstream.wire().tls(),
            "How servers are trusted; only with protocol https or h2.");
    static final Key<UpstreamConfig, ProxyProtocol> PROXY_PROTOCOL = Key.of(
            "proxy-protocol",
            Scalar.choice(ProxyProtocol.class),
            ProxyProtocol.OFF,
            upstream -> upstream.wire().proxyProtocol(),
            "Whether connections begin with the client's address in the PROXY protocol: off, v1 or v2.");
    static final Key<UpstreamConfig, HostHeader> HOST = Key.of(
            "host",
            new Scalar<>(
                    "preserve, upstream or a host name",
                    null,
                    WireKeys::host,
                    WireKeys::text,
                    Schemas.pattern("preserve|upstream|[A-Za-z0-9_.:\\[\\]-]+")),
            new HostHeader.Preserve(),
            upstream -> upstream.wire().host(),
            "The Host that servers see: preserve (the client's), upstream (the server's address) or a name.");
    static final Key<UpstreamConfig, UnknownCoding> UNKNOWN_CODING = Key.of(
            "unknown-transfer-coding",
            Scalar.choice(UnknownCoding.class),
            UnknownCoding.REFUSE,
            upstream -> upstream.wire().unknownTransferCoding(),
            "A response in an unknown transfer coding: refuse (502) or read-to-close.");

    private WireKeys() {}

    static Wire wire(Values<UpstreamConfig> values) {
        Protocol protocol = values.get(PROTOCOL);
        if (values.wrote(TLS) && !protocol.isSecure()) {
            String message =
                    "'tls' has no effect with 'protocol: " + PROTOCOL.type().write(protocol) + "'";
            values.error(TLS, message, "write 'protocol: https' or 'protocol: h2'");
        }
        UpstreamTls written = values.find(TLS);
        UpstreamTls tls = written == null ? UpstreamTlsKeys.SECTION.defaults() : written;
        return new Wire(
                protocol,
                protocol.isSecure() ? tls : null,
                values.get(PROXY_PROTOCOL),
                values.get(HOST),
                values.get(UNKNOWN_CODING));
    }

    private static Map<String, Protocol> protocols() {
        Map<String, Protocol> words = new LinkedHashMap<>();
        words.put("http/1.1", Protocol.HTTP_1_1);
        words.put("h2c", Protocol.H2C);
        words.put("https", Protocol.HTTPS);
        words.put("h2", Protocol.H2);
        return words;
    }

    private static @Nullable HostHeader host(String text) {
        return switch (text) {
            case "preserve" -> new HostHeader.Preserve();
            case "upstream" -> new HostHeader.Upstream();
            default -> Scalars.isAuthority(text) ? new HostHeader.Literal(text) : null;
        };
    }

    private static String text(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> "preserve";
            case HostHeader.Upstream upstream -> "upstream";
            case HostHeader.Literal literal -> literal.host();
        };
    }
}
