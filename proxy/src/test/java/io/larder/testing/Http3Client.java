package io.larder.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/3 on one connection, over real datagrams. */
public final class Http3Client implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    /** The greatest numbers of streams that the server said it reads, in their order. */
    public final BlockingQueue<Long> goAways = new LinkedBlockingQueue<>();

    /** How the server closed the connection: its code; -1 where it just ended. */
    public final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LossyLine line = new LossyLine();
    private final Channel udp;
    private final QuicChannel quic;

    /** How a client connects; a value. */
    public record Way(
            X509Bundle authority,
            @Nullable String name,
            @Nullable X509Bundle own,
            long streamWindow,
            long idleMillis) {
        public static Way trusting(X509Bundle authority) {
            return new Way(authority, "localhost", null, 10_000_000, 30_000);
        }

        public Way asking(@Nullable String other) {
            return new Way(authority, other, own, streamWindow, idleMillis);
        }

        public Way showing(X509Bundle certificate) {
            return new Way(authority, name, certificate, streamWindow, idleMillis);
        }

        public Way taking(long octets) {
            return new Way(authority, name, own, octets, idleMillis);
        }

        private QuicSslContext context() throws Exception {
            QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                    .trustManager(authority.toTrustManagerFactory())
                    .endpointIdentificationAlgorithm("")
                    .applicationProtocols(Http3.supportedApplicationProtocols());
            if (own != null) {
                builder.keyManager(own.toKeyManagerFactory(), null);
            }
            return builder.build();
        }
    }

    /** Connects; the handshake has been made. */
    public Http3Client(InetSocketAddress server, Way way) throws Exception {
        QuicSslContext context = way.context();
        try {
            udp = new Bootstrap()
                    .group(group)
                    .channel(NioDatagramChannel.class)
                    .handler(line)
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            udp.pipeline()
                    .addLast(Http3.newQuicClientCodecBuilder()
                            .sslEngineProvider(channel -> way.name() == null
                                    ? context.newEngine(channel.alloc())
                                    : context.newEngine(channel.alloc(), way.name(), server.getPort()))
                            .maxIdleTimeout(way.idleMillis(), TimeUnit.MILLISECONDS)
                            .initialMaxData(10_000_000)
                            .initialMaxStreamDataBidirectionalLocal(way.streamWindow())
                            .build());
            quic = QuicChannel.newBootstrap(udp)
                    .handler(new Connection())
                    .remoteAddress(server)
                    .connect()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw failed;
        }
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(new Http3ClientConnectionHandler(new Control(), null, null, null, true));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                closed.complete(close.error());
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed.complete(-1);
            ctx.fireChannelInactive();
        }
    }

    @Sharable
    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http3GoAwayFrame goAway) {
                goAways.add(goAway.id());
            }
            ReferenceCountUtil.release(message);
        }
    }

    /** What its datagrams go by. */
    public LossyLine line() {
        return line;
    }

    /** A stream to ask on. */
    public Http3Exchange open() throws Exception {
        Http3Exchange exchange = new Http3Exchange();
        exchange.begin(Http3.newRequestStream(quic, exchange).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return exchange;
    }

    /** A stream without a codec: what is sent on it is up to the test. */
    public Http3Exchange raw(QuicStreamType type) throws Exception {
        Http3Exchange exchange = new Http3Exchange();
        exchange.begin(quic.createStream(type, exchange).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return exchange;
    }

    /** Asks for {@code path}. */
    public Http3Exchange get(String path) throws Exception {
        return open().head(true, Http3Exchange.request("GET", path));
    }

    /** The certificate that the server has shown. */
    public X509Certificate shown() throws Exception {
        return (X509Certificate) quic.sslEngine().getSession().getPeerCertificates()[0];
    }

    public int closingCode() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether one more stream may be opened now, of either kind. */
    public boolean hasRoom() {
        return quic.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0
                && quic.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) > 0;
    }

    @Override
    public void close() {
        quic.close(true, 0x100, Unpooled.EMPTY_BUFFER).awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        udp.close().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The first datagrams of so many connections, which nobody has answered. */
    public static List<byte[]> firstWords(Way way, int count) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (DatagramSocket nobody = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            nobody.setSoTimeout(PATIENCE_SECONDS * 1000);
            QuicSslContext context = way.context();
            Channel udp = new Bootstrap()
                    .group(group)
                    .channel(NioDatagramChannel.class)
                    .handler(Http3.newQuicClientCodecBuilder()
                            .sslContext(context)
                            .build())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            List<byte[]> all = new ArrayList<>();
            Set<ByteBuffer> connections = new HashSet<>();
            while (connections.size() < count) {
                QuicChannel.newBootstrap(udp)
                        .handler(new ChannelInboundHandlerAdapter())
                        .remoteAddress(nobody.getLocalSocketAddress())
                        .connect();
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                nobody.receive(packet);
                byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
                if (connections.add(ByteBuffer.wrap(octets, 5, 1 + octets[5]))) { // RFC 9000 §17.2: for whom it is
                    all.add(octets);
                }
            }
            return all;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
