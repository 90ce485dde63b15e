package io.larder.upstream;

import io.larder.testing.ScriptedOrigin.Layer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An authority of the tests' own, and what it certifies. */
final class Certificates {
    private Certificates() {}

    static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** A certificate for {@code localhost} and 127.0.0.1. */
    static X509Bundle server(X509Bundle authority) throws Exception {
        return server(authority, builder -> builder.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
    }

    static X509Bundle server(X509Bundle authority, UnaryOperator<CertificateBuilder> names) throws Exception {
        CertificateBuilder builder =
                new CertificateBuilder().subject("CN=server").addExtendedKeyUsageServerAuth();
        return names.apply(builder).buildIssuedBy(authority);
    }

    static X509Bundle expired(X509Bundle authority) throws Exception {
        Instant now = Instant.now();
        return server(
                authority,
                builder -> builder.addSanDnsName("localhost")
                        .notBefore(now.minus(9, ChronoUnit.DAYS))
                        .notAfter(now.minus(2, ChronoUnit.DAYS)));
    }

    static X509Bundle client(X509Bundle authority) throws Exception {
        return new CertificateBuilder()
                .subject("CN=larder")
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(authority);
    }

    static UpstreamTls.Authorities trusting(X509Bundle authority) {
        return new UpstreamTls.Authorities(authority.getCertificatePEM());
    }

    static UpstreamTls.Identity identity(X509Bundle bundle) {
        return new UpstreamTls.Identity(bundle.getCertificatePathPEM(), bundle.getPrivateKeyPEM());
    }

    /**
     * TLS as a server speaks it.
     *
     * @param clients whose clients are let in; null for all
     * @param prepare sees each socket before its handshake
     */
    static Layer tls(X509Bundle server, @Nullable X509Bundle clients, Consumer<SSLSocket> prepare)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                server.toKeyManagerFactory().getKeyManagers(),
                clients == null ? null : clients.toTrustManagerFactory().getTrustManagers(),
                null);
        return raw -> secured(context, raw, clients != null, prepare);
    }

    private static SSLSocket secured(SSLContext context, Socket raw, boolean demanding, Consumer<SSLSocket> prepare)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, null, raw.getPort(), true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(demanding);
        prepare.accept(socket);
        socket.startHandshake();
        return socket;
    }
}
