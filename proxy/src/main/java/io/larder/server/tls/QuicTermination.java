package io.larder.server.tls;

import io.larder.netty.QuicEngine;
import io.larder.netty.TlsEngine;
import io.larder.pki.Pem;
import io.larder.pki.Unusable;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of QUIC towards the clients of one listener (RFC 9001): TLS 1.3, by the same certificates and with the same choice among
 * them as over TCP. All loops share it. Nothing of a client is read before it has shown that it is where it says (no 0-RTT).
 */
public final class QuicTermination {
    private static final Duration SESSION = Duration.ofHours(1);

    private final QuicSslContext entrance;

    private QuicTermination(QuicSslContext entrance) {
        this.entrance = entrance;
    }

    /**
     * Makes {@code material} ready for use; null where it wants no HTTP/3, or QUIC cannot be spoken here.
     *
     * @throws Unusable where the material is of no use
     */
    static @Nullable QuicTermination of(ListenerTls material, TlsEngine engine, CertificateChoice choice)
            throws Unusable {
        if (!material.protocols().contains(ListenerTls.HTTP_3) || !QuicEngine.isAvailable(engine)) {
            return null;
        }
        List<QuicSslContext> each = new ArrayList<>();
        for (ListenerTls.Identity identity : material.identities()) {
            each.add(builder(material, identity).build());
        }
        // who asks for no name gets the first, and stays with it
        QuicSslContext entrance = builder(material, material.identities().getFirst())
                .sni(name -> each.get(choice.of(lowerCase(name))))
                .build();
        return new QuicTermination(entrance);
    }

    private static @Nullable String lowerCase(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name.toLowerCase(Locale.ROOT);
    }

    private static QuicSslContextBuilder builder(ListenerTls material, ListenerTls.Identity identity) throws Unusable {
        List<X509Certificate> chain = Pem.certificates(identity.chain());
        PrivateKey key = Pem.key(identity.key(), chain.getFirst().getPublicKey());
        QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(
                        key, null, chain.toArray(X509Certificate[]::new))
                .applicationProtocols(ListenerTls.HTTP_3)
                .sessionTimeout(SESSION.toSeconds())
                .earlyData(false);
        String clientCa = material.clientCa();
        if (clientCa != null) {
            builder.trustManager(Pem.certificates(clientCa).toArray(X509Certificate[]::new))
                    .clientAuth(ClientAuth.REQUIRE);
        }
        return builder;
    }

    /** What decrypts and encrypts on one connection. */
    public QuicSslEngine engine(ByteBufAllocator allocator) {
        return entrance.newEngine(allocator);
    }
}
