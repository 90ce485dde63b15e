package io.larder.config.keys;

import io.larder.config.HostPort;
import io.larder.config.Wire.UpstreamTls;
import io.larder.config.bind.Blank;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.nio.file.Path;
import java.util.Locale;

/** The keys of an upstream's {@code tls}. */
final class UpstreamTlsKeys {
    private static final Key<UpstreamTls, Path> CA = Key.optional(
            "ca",
            new Blank<>(PemFile.of(PemFile.Content.CERTIFICATES)),
            UpstreamTls::ca,
            "Certificates (PEM) that vouch for the servers; absent: those of the system.");
    static final Key<UpstreamTls, String> SERVER_NAME = Key.optional(
            "server-name",
            new Blank<>(new Scalar<>(
                    "the name of a server",
                    "write the name in its certificate, such as app.internal",
                    text -> HostPort.isName(text) ? text.toLowerCase(Locale.ROOT) : null,
                    name -> name,
                    Schemas.pattern("[A-Za-z0-9_.-]+"))),
            UpstreamTls::serverName,
            "The name that servers are asked for (SNI) and must bear; absent: the host of their address.");
    private static final Key<UpstreamTls, Boolean> VERIFY = Key.of(
            "verify",
            Scalars.SWITCH,
            true,
            UpstreamTls::verify,
            "Whether a server must show a certificate that is vouched for and bears its name.");
    private static final Key<UpstreamTls, Path> CERT = Key.optional(
            "cert",
            new Blank<>(PemFile.of(PemFile.Content.CERTIFICATES)),
            UpstreamTls::cert,
            "Certificate (PEM) to show to servers that ask for one.");
    private static final Key<UpstreamTls, Path> KEY =
            Key.optional("key", new Blank<>(PrivateFile.key()), UpstreamTls::key, "The key of cert (PEM, PKCS#8).");

    static final Section<UpstreamTls> SECTION = new Section<>(
            "upstream-tls",
            "How servers are trusted and what is shown to them.",
            UpstreamTlsKeys::tls,
            CA,
            SERVER_NAME,
            VERIFY,
            CERT,
            KEY);

    private UpstreamTlsKeys() {}

    private static UpstreamTls tls(Values<UpstreamTls> values) {
        boolean fit = new TlsFiles<>(CA, VERIFY, CERT, KEY).fit(values);
        return new UpstreamTls(
                values.find(CA),
                values.find(SERVER_NAME),
                values.get(VERIFY),
                fit ? values.find(CERT) : null,
                fit ? values.find(KEY) : null);
    }
}
