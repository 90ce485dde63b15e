package io.larder.server;

import io.larder.exchange.Shared;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import io.larder.server.connection.ClientCount;
import io.larder.server.connection.ConnectionCount;
import io.larder.server.h3.Http3Connection;
import io.larder.server.h3.QuicTokens;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The UDP port of a listener, for QUIC. Every loop reads a socket of its own where the kernel can share a port: it brings all that
 * comes from one address and port to the same one. The connections live by the sockets: these close when those are gone.
 */
@Shared
final class QuicPort {
    private static final int DATAGRAM = 2048; // more than any that we take
    private static final int PENDING = 1024 * 1024; // octets in the kernel; fewer where it allows no more
    private static final int SEGMENTS = 10; // datagrams of one write
    private static final long CONNECTION_WINDOW = 1024 * 1024;
    private static final long STREAM_WINDOW = 128 * 1024;
    private static final long ONE_WAY_WINDOW = 16 * 1024;
    private static final long MOST_ONE_WAY = 8; // three are used: control, and two of QPACK
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(60);

    private final List<Channel> sockets = new ArrayList<>();
    private volatile boolean accepting = true;

    private QuicPort() {}

    /**
     * Listens on {@code address}, whose port is not 0; blocks until it does.
     *
     * @param idle how long a client may be silent, at least
     * @throws BindFailure when the address cannot be had
     */
    static QuicPort open(
            InetSocketAddress address,
            Duration idle,
            Loops loops,
            List<Reception> receptions,
            ConnectionCount count,
            ClientCount clients)
            throws BindFailure {
        probe(address);
        QuicPort port = new QuicPort();
        boolean shared = loops.transport().sharesPorts();
        for (NettyLoop loop : shared ? loops.all() : loops.all().subList(0, 1)) {
            QuicEntrance entrance =
                    new QuicEntrance(receptions.get(loop.number()), count, clients, () -> port.accepting);
            Bootstrap bootstrap = bootstrap(loops.transport(), loop, codec(loops.transport(), loop, idle, entrance));
            port.bind(shared ? bootstrap.option(UnixChannelOption.SO_REUSEPORT, true) : bootstrap, address);
        }
        return port;
    }

    /** As for TCP: sockets that share ports share them with other processes of this user too. */
    private static void probe(InetSocketAddress address) throws BindFailure {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.bind(address);
        } catch (IOException taken) {
            throw BindFailure.of(address, taken);
        }
    }

    private void bind(Bootstrap bootstrap, InetSocketAddress address) throws BindFailure {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            close();
            throw BindFailure.of(address, cause);
        }
        sockets.add(bound.channel());
    }

    private static Bootstrap bootstrap(Transport transport, NettyLoop loop, ChannelHandler codec) {
        return new Bootstrap()
                .group(loop.eventLoop())
                .channel(transport.datagramChannel())
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM))
                .option(ChannelOption.SO_RCVBUF, PENDING)
                .option(ChannelOption.SO_SNDBUF, PENDING)
                .handler(codec);
    }

    private static ChannelHandler codec(Transport transport, NettyLoop loop, Duration idle, QuicEntrance entrance) {
        Duration silence = idle.compareTo(LEAST_SILENCE) > 0 ? idle : LEAST_SILENCE;
        SegmentedDatagramPacketAllocator segments = transport == Transport.EPOLL
                ? EpollQuicUtils.newSegmentedAllocator(SEGMENTS)
                : SegmentedDatagramPacketAllocator.NONE;
        return new QuicServerCodecBuilder()
                .sslEngineProvider(entrance::engine)
                .tokenHandler(new QuicTokens(loop, entrance::isBusy))
                .maxIdleTimeout(silence.toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(CONNECTION_WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamDataUnidirectional(ONE_WAY_WINDOW)
                .initialMaxStreamsBidirectional(Http3Connection.MOST_STREAMS)
                .initialMaxStreamsUnidirectional(MOST_ONE_WAY)
                .activeMigration(false)
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments)
                .handler(entrance)
                .build();
    }

    /** Takes no more connections. Those that are open go on, and so the port is not free yet. */
    void stopAccepting() {
        accepting = false;
    }

    /** Cuts what is still open; does not wait. */
    void close() {
        sockets.forEach(Channel::close);
    }
}
