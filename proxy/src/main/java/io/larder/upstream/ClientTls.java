package io.larder.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS towards the servers of one upstream; all loops share it, and with it the sessions that are resumed. */
final class ClientTls {
    /** The one place that knows who does the cryptography. */
    private static final SslProvider PROVIDER = SslProvider.JDK;

    private static final String H2 = "h2";
    private static final ApplicationProtocolConfig ONLY_H2 = new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, H2);

    private final SslContext context;
    private final @Nullable String serverName;
    private final boolean verifies;
    private final boolean agreesOnH2;

    /** @throws IllegalArgumentException where the material is of no use */
    ClientTls(UpstreamTls settings, Access.Protocol protocol) {
        this.serverName = settings.serverName();
        this.verifies = !(settings.trust() instanceof UpstreamTls.Anything);
        this.agreesOnH2 = protocol == Access.Protocol.HTTP_2;
        try {
            this.context = context(settings);
        } catch (SSLException e) {
            throw new IllegalArgumentException("the TLS material is of no use: " + e.getMessage(), e);
        }
    }

    private SslContext context(UpstreamTls settings) throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(PROVIDER).protocols("TLSv1.3", "TLSv1.2");
        switch (settings.trust()) {
            case UpstreamTls.JdkAuthorities jdk -> {}
            case UpstreamTls.Authorities(String pem) -> builder.trustManager(stream(pem));
            case UpstreamTls.Anything anything -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        UpstreamTls.Identity identity = settings.identity();
        if (identity != null) {
            builder.keyManager(stream(identity.chain()), stream(identity.key()));
        }
        if (agreesOnH2) {
            builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(ONLY_H2);
        }
        return builder.build();
    }

    /** Makes TLS stand on {@code channel}, which is connected to {@code server}. */
    void shake(Channel channel, SocketAddress server, int millis, Dialer.Receiver receiver) {
        String name = serverName != null ? serverName : hostOf(server);
        int port = server instanceof InetSocketAddress inet ? inet.getPort() : 0;
        SslHandler handler = context.newHandler(channel.alloc(), name, port);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(verifies ? "HTTPS" : "");
        parameters.setServerNames(indication(name));
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(millis);
        channel.pipeline().addLast(new Handshake(handler, agreesOnH2 ? H2 : null, receiver));
        channel.pipeline().addFirst(handler);
        channel.read();
    }

    /** Nothing where the name is an address (RFC 6066 §3), or cannot be one of DNS. */
    private static List<SNIServerName> indication(String name) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(name.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException odd) {
            return List.of();
        }
    }

    private static String hostOf(SocketAddress server) {
        return server instanceof InetSocketAddress inet ? inet.getHostString() : "localhost";
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
    }
}
