package io.larder.app;

import io.larder.config.ListenerConfig;
import io.larder.netty.QuicEngine;
import io.larder.netty.TlsEngine;
import io.larder.pki.CertificateNames;
import io.larder.server.tls.ListenerTls;
import io.larder.server.tls.Termination;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes TLS of what the configuration says of it. Used by one thread at a time. */
final class Terminations {
    private static final Logger LOG = LoggerFactory.getLogger(Terminations.class);
    private static final int NAMED = 5; // names in a line of the log

    private final SecureRandom random = new SecureRandom();
    private @Nullable TlsEngine engine; // null until somebody needs one: loading it takes its time

    /**
     * TLS as {@code config} wants it; null where it wants none. Reads files, and blocks.
     *
     * @param before which is the answer where it means the same, so that its sessions live on
     * @throws StartFailure naming the place of a listener whose files are of no use
     */
    @Nullable
    Termination of(ListenerConfig config, @Nullable Termination before) {
        ListenerConfig.Tls tls = config.tls();
        if (tls == null) {
            return null;
        }
        try {
            ListenerTls material = material(config, tls);
            return before != null && before.material().equals(material) ? before : made(config.name(), material);
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration(
                    config.origin().place() + ": listener '" + config.name() + "': " + e.getMessage());
        }
    }

    private static ListenerTls material(ListenerConfig config, ListenerConfig.Tls tls) {
        List<ListenerTls.Identity> identities = new ArrayList<>();
        for (ListenerConfig.Certificate pair : tls.certificates()) {
            identities.add(ListenerTls.identity(pair.cert(), pair.key()));
        }
        return new ListenerTls(
                identities,
                switch (tls.minVersion()) {
                    case TLS_1_2 -> ListenerTls.Version.TLS_1_2;
                    case TLS_1_3 -> ListenerTls.Version.TLS_1_3;
                },
                tls.clientCa() == null ? null : ListenerTls.authorities(tls.clientCa()),
                config.protocols().stream()
                        .filter(protocol -> protocol != ListenerConfig.Protocol.H2C)
                        .map(Terminations::word)
                        .toList());
    }

    /** What a protocol is called in ALPN. */
    private static String word(ListenerConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_1 -> "http/1.1";
            case H2 -> "h2";
            case H3 -> ListenerTls.HTTP_3;
            case H2C -> throw new IllegalArgumentException("h2c is spoken without TLS");
        };
    }

    private Termination made(String listener, ListenerTls material) {
        Termination made = Termination.of(material, engine(), random, System.nanoTime());
        for (X509Certificate each : made.certificates()) {
            LOG.info(
                    "listener {} has the certificate for {}, good until {}",
                    listener,
                    names(each),
                    each.getNotAfter().toInstant());
        }
        boolean staples = material.identities().stream().anyMatch(identity -> identity.staple() != null);
        if (staples && made.engine() == TlsEngine.JDK) {
            LOG.warn("listener {}: the JDK's TLS cannot staple OCSP responses from files; they are left out", listener);
        }
        if (material.protocols().contains(ListenerTls.HTTP_3) && made.quic() == null) {
            LOG.warn("listener {} speaks no HTTP/3: {}", listener, QuicEngine.unavailability(made.engine()));
        }
        return made;
    }

    private static String names(X509Certificate certificate) {
        List<String> names = CertificateNames.dns(certificate);
        String first = String.join(", ", names.stream().limit(NAMED).toList());
        return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
    }

    private TlsEngine engine() {
        TlsEngine known = engine;
        if (known == null) {
            known = picked();
            engine = known;
        }
        return known;
    }

    private static TlsEngine picked() {
        TlsEngine picked;
        try {
            picked = TlsEngine.pick(System.getProperty("larder.tls"));
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration("larder.tls: " + e.getMessage());
        }
        LOG.info("TLS by {}", picked.text());
        if (picked == TlsEngine.JDK && System.getProperty("larder.tls") == null) {
            LOG.warn("TLS falls back to the slower engine of the JDK: {}", TlsEngine.unavailability());
        }
        // a client that begins anew in the middle of a connection costs us more than itself; read when TLS is first
        // used
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        return picked;
    }
}
