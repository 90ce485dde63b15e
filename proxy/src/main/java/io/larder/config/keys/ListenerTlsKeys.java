package io.larder.config.keys;

import io.larder.config.ListenerConfig;
import io.larder.config.ListenerConfig.Certificate;
import io.larder.config.ListenerConfig.Tls;
import io.larder.config.ListenerConfig.TlsVersion;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of a listener's {@code tls}. */
final class ListenerTlsKeys {
    private static final Key<Certificate, Path> CERT = Key.required(
            "cert",
            new StapledCertificate(),
            Certificate::cert,
            "Certificate (PEM) and, behind it, those that it is signed by, up to the root's; beside it, in a file of the"
                    + " same name and .ocsp, an OCSP response (DER) to staple.");
    private static final Key<Certificate, Path> KEY =
            Key.required("key", PrivateFile.key(), Certificate::key, "The key of cert (PEM, PKCS#8, not encrypted).");
    private static final Section<Certificate> CERTIFICATE = new Section<>(
            "listener-certificate",
            "A certificate for clients, for the names that are in it.",
            ListenerTlsKeys::certificate,
            CERT,
            KEY);

    private static final Key<Tls, List<Certificate>> CERTIFICATES = Key.required(
            "certificates",
            ListOf.some(CERTIFICATE),
            Tls::certificates,
            "Chosen by the name that a client asks for (SNI): exact, then wildcard, else the first.");
    private static final Key<Tls, TlsVersion> MIN_VERSION = Key.of(
            "min-version",
            Scalar.choice(new TreeMap<>(Map.of("TLSv1.2", TlsVersion.TLS_1_2, "TLSv1.3", TlsVersion.TLS_1_3))),
            TlsVersion.TLS_1_2,
            Tls::minVersion,
            "The oldest version that is spoken.");
    private static final Key<Tls, Path> CLIENT_CA = Key.optional(
            "client-ca",
            PemFile.of(PemFile.Content.CERTIFICATES),
            Tls::clientCa,
            "Certificates (PEM) that vouch for clients: who shows none of theirs is not let in.");
    private static final Section<Tls> SECTION = new Section<>(
            "listener-tls",
            "What clients are shown, and have to show.",
            ListenerTlsKeys::tls,
            CERTIFICATES,
            MIN_VERSION,
            CLIENT_CA);

    static final Key<ListenerConfig, Tls> TLS =
            Key.optional("tls", SECTION, ListenerConfig::tls, "TLS towards clients; absent: they speak without.");

    private ListenerTlsKeys() {}

    private static Certificate certificate(Values<Certificate> values) {
        Certificate pair = new Certificate(values.get(CERT), values.get(KEY));
        CertificateCheck check = new CertificateCheck(pair);
        check.faults().forEach(fault -> values.error(KEY, fault, null));
        check.ofCertificate().forEach(odd -> values.warning(CERT, odd, null));
        return pair;
    }

    private static Tls tls(Values<Tls> values) {
        List<Certificate> certificates = values.get(CERTIFICATES);
        Map<String, Path> first = new HashMap<>();
        for (Certificate each : certificates) {
            for (String name : CertificateCheck.names(each.cert())) {
                Path other = first.putIfAbsent(name, each.cert());
                if (other != null) {
                    values.warning(
                            CERTIFICATES,
                            each.cert() + " is for " + name + " too, and is not shown for it: " + other
                                    + " comes before",
                            "leave one of the two out");
                }
            }
        }
        return new Tls(certificates, values.get(MIN_VERSION), values.find(CLIENT_CA));
    }
}
