package io.larder.server.tls;

import io.larder.http.Bytes;
import io.larder.netty.TlsEngine;
import io.larder.pki.CertificateNames;
import io.larder.pki.OcspResponse;
import io.larder.pki.Pem;
import io.larder.pki.Unusable;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS towards the clients of one listener; all loops share it, and with it the sessions that are resumed. */
public final class Termination {
    /** Forward secrecy and AEAD alone (RFC 9325 §4.2); those of TLS 1.3 come first, the cheapest of each first. */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Duration SESSION = Duration.ofHours(1);

    /**
     * One certificate at work.
     *
     * @param ocsp what {@code staple} says; null only together with it
     * @param tickets null where the engine has its own
     */
    private record Shown(
            SslContext context,
            X509Certificate certificate,
            @Nullable Bytes staple,
            @Nullable OcspResponse ocsp,
            @Nullable TicketKeys tickets) {}

    private final ListenerTls material;
    private final TlsEngine engine;
    private final List<Shown> shown;
    private final CertificateChoice choice;
    private final @Nullable QuicTermination quic;

    private Termination(ListenerTls material, TlsEngine engine, List<Shown> shown) throws Unusable {
        this.material = material;
        this.engine = engine;
        this.shown = List.copyOf(shown);
        this.choice = new CertificateChoice(shown.stream()
                .map(each -> CertificateNames.dns(each.certificate))
                .toList());
        this.quic = QuicTermination.of(material, engine, choice);
    }

    /**
     * Makes {@code material} ready for use, which takes some milliseconds.
     *
     * @param random nobody can guess
     * @param now on the clock of the loops
     * @throws IllegalArgumentException where the material is of no use
     */
    public static Termination of(ListenerTls material, TlsEngine engine, RandomGenerator random, long now) {
        List<Shown> shown = new ArrayList<>();
        try {
            for (ListenerTls.Identity identity : material.identities()) {
                shown.add(shown(material, identity, engine, random, now));
            }
            return new Termination(material, engine, shown);
        } catch (SSLException | Unusable e) {
            throw new IllegalArgumentException("the TLS material is of no use: " + e.getMessage(), e);
        }
    }

    private static Shown shown(
            ListenerTls material, ListenerTls.Identity identity, TlsEngine engine, RandomGenerator random, long now)
            throws SSLException, Unusable {
        X509Certificate own = Pem.certificates(identity.chain()).get(0);
        Bytes staple = engine == TlsEngine.OPENSSL && OpenSsl.isOcspSupported() ? identity.staple() : null;
        OcspResponse ocsp = staple == null ? null : OcspResponse.parse(staple.toArray());
        if (ocsp != null && !ocsp.isOf(own)) {
            staple = null; // of the certificate before: clients would refuse both
            ocsp = null;
        }
        SslContext context = context(material, identity, engine, staple != null);
        return new Shown(context, own, staple, ocsp, TicketKeys.of(context, random, now));
    }

    private static SslContext context(
            ListenerTls material, ListenerTls.Identity identity, TlsEngine engine, boolean staples)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(stream(identity.chain()), stream(identity.key()))
                .sslProvider(engine.provider())
                .protocols(versions(material.least()))
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(SESSION.toSeconds())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        material.protocols().stream()
                                .filter(protocol -> !protocol.equals(ListenerTls.HTTP_3))
                                .toList()));
        if (staples) {
            builder.enableOcsp(true);
        }
        String clientCa = material.clientCa();
        if (clientCa != null) {
            builder.trustManager(stream(clientCa)).clientAuth(ClientAuth.REQUIRE);
        }
        return builder.build();
    }

    private static String[] versions(ListenerTls.Version least) {
        return switch (least) {
            case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
            case TLS_1_3 -> new String[] {"TLSv1.3"};
        };
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What it was made of. */
    public ListenerTls material() {
        return material;
    }

    /** Who does the cryptography. */
    public TlsEngine engine() {
        return engine;
    }

    /** The certificates that are shown, in their order. */
    public List<X509Certificate> certificates() {
        return shown.stream().map(Shown::certificate).toList();
    }

    /** When the first of them expires. */
    public Instant firstExpiry() {
        return shown.stream()
                .map(each -> each.certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** TLS for HTTP/3; null where it is not spoken. */
    public @Nullable QuicTermination quic() {
        return quic;
    }

    /** Which certificate goes with which name. */
    public CertificateChoice choice() {
        return choice;
    }

    /**
     * What decrypts and encrypts on one connection.
     *
     * @param name which the client asked for; null where it named none
     * @param nanos now, on the clock of the loops
     * @param now for what has an end
     */
    public SslHandler handler(@Nullable String name, ByteBufAllocator allocator, long nanos, Instant now) {
        Shown own = shown.get(choice.of(name));
        if (own.tickets != null) {
            own.tickets.renew(nanos);
        }
        SslHandler handler = own.context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(0); // the whole of it has one limit, which Handshaking holds
        SSLEngine sslEngine = handler.engine();
        if (sslEngine instanceof ReferenceCountedOpenSslEngine openSsl) {
            staple(own, openSsl, now);
        } else {
            SSLParameters parameters = sslEngine.getSSLParameters();
            parameters.setUseCipherSuitesOrder(true);
            sslEngine.setSSLParameters(parameters);
        }
        return handler;
    }

    private static void staple(Shown own, ReferenceCountedOpenSslEngine openSsl, Instant now) {
        if (own.staple != null && own.ocsp != null && own.ocsp.isCurrent(now)) {
            openSsl.setOcspResponse(own.staple.toArray());
        }
    }
}
