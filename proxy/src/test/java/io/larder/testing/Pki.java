package io.larder.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An authority of the tests' own, what it certifies, and clients that believe it. */
public final class Pki {
    private static final int PATIENCE_MILLIS = 20_000;

    private Pki() {}

    public static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** A certificate for these names, the first of which is its subject. */
    public static X509Bundle server(X509Bundle authority, String... names) throws Exception {
        return named(names).buildIssuedBy(authority);
    }

    /** One that has not been good for two days. */
    public static X509Bundle expired(X509Bundle authority, String... names) throws Exception {
        Instant now = Instant.now();
        return named(names)
                .notBefore(now.minus(9, ChronoUnit.DAYS))
                .notAfter(now.minus(2, ChronoUnit.DAYS))
                .buildIssuedBy(authority);
    }

    private static CertificateBuilder named(String... names) {
        return new CertificateBuilder()
                .subject("CN=" + names[0])
                .addExtendedKeyUsageServerAuth()
                .addExtensionOctetString("2.5.29.17", false, alternatives(names));
    }

    /** A SubjectAltName (RFC 5280 §4.2.1.6) by hand: the builder takes no asterisk. */
    private static byte[] alternatives(String... names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            all.write(0x82);
            all.write(name.length());
            all.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        sequence.write(0x30);
        sequence.write(all.size()); // below 128 in all tests
        sequence.writeBytes(all.toByteArray());
        return sequence.toByteArray();
    }

    public static X509Bundle client(X509Bundle authority, String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(authority);
    }

    /** Writes {@code NAME.crt} and {@code NAME.key} as operators keep them. */
    public static void write(Path directory, String name, X509Bundle bundle) {
        try {
            Files.writeString(directory.resolve(name + ".crt"), bundle.getCertificatePathPEM());
            Path key = Files.writeString(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What clients have that believe {@code authority}; sessions of one can be resumed by its next connections.
     *
     * @param own what they show when they are asked; null for nothing
     */
    public static SSLContext trusting(X509Bundle authority, @Nullable X509Bundle own) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : own.toKeyManagerFactory().getKeyManagers(),
                authority.toTrustManagerFactory().getTrustManagers(),
                new SecureRandom());
        return context;
    }

    /** A client over TLS; the handshake has been made. */
    public static SSLSocket connect(SSLContext context, InetSocketAddress server, @Nullable String name)
            throws IOException {
        return connect(context, server, name, parameters -> {});
    }

    /**
     * A client over TLS; the handshake has been made.
     *
     * @param name that it asks for (SNI); null for none
     * @param prepare what it proposes
     */
    public static SSLSocket connect(
            SSLContext context, InetSocketAddress server, @Nullable String name, Consumer<SSLParameters> prepare)
            throws IOException {
        Socket raw = new Socket();
        raw.connect(server, PATIENCE_MILLIS);
        raw.setSoTimeout(PATIENCE_MILLIS);
        raw.setTcpNoDelay(true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(raw, server.getAddress().getHostAddress(), server.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        prepare.accept(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
        return socket;
    }

    /** The subject of the certificate that the server has shown, without {@code CN=}. */
    public static String shown(SSLSocket socket) throws IOException {
        X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return own.getSubjectX500Principal().getName().replaceFirst("CN=", "");
    }
}
