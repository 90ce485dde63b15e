package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets to one server, by TCP or in the Unix domain, says who the client is where that is wanted, and makes TLS
 * stand. Confined to its loop.
 */
final class Dialer {
    /** Takes the outcome, on the loop. */
    interface Receiver {
        /** The next byte is one of HTTP. Nothing is read before it is asked for. */
        void connected(Channel channel);

        /** Nothing has been sent. */
        void failed(Failure why);
    }

    private final NettyLoop loop;
    private final SocketAddress address;
    private final Access.Preface preface;
    private final @Nullable ClientTls tls;
    private final Bootstrap bootstrap;

    /** @param tls null for none */
    Dialer(
            NettyLoop loop,
            Transport transport,
            SocketAddress address,
            Access.Preface preface,
            @Nullable ClientTls tls) {
        this(loop, bootstrap(transport.clientChannel(address), transport.addressed(address)), address, preface, tls);
    }

    /** @param bootstrap for a socket that is not connected yet */
    Dialer(
            NettyLoop loop,
            Bootstrap bootstrap,
            SocketAddress address,
            Access.Preface preface,
            @Nullable ClientTls tls) {
        this.loop = loop;
        this.address = address;
        this.preface = preface;
        this.tls = tls;
        this.bootstrap = bootstrap.group(loop.eventLoop());
    }

    /** Where {@code sockets} are connected to {@code remote}. */
    static Bootstrap bootstrap(Class<? extends Channel> sockets, SocketAddress remote) {
        Bootstrap bootstrap = new Bootstrap()
                .channel(sockets)
                .remoteAddress(remote)
                .option(ChannelOption.AUTO_READ, false) // back pressure: nothing is read unasked
                .option(ChannelOption.AUTO_CLOSE, false) // an answer may wait behind a request that cannot be written
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
        return remote instanceof InetSocketAddress
                ? bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                : bootstrap;
    }

    /**
     * Begins to connect.
     *
     * @param client for whom
     * @param limit on the time until {@link Receiver#connected}
     */
    void dial(Client client, Duration limit, Receiver receiver) {
        loop.check();
        long until = loop.nanos() + limit.toNanos();
        bootstrap
                .clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(limit))
                .connect()
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        introduce(done.channel(), client);
                        secure(done.channel(), Duration.ofNanos(until - loop.nanos()), receiver);
                    } else {
                        onLoop(() -> receiver.failed(failure(done.cause())));
                    }
                });
    }

    /** Leaves with whatever is written first. */
    private void introduce(Channel channel, Client client) {
        switch (preface) {
            case OFF -> {}
            case V1 ->
                channel.write(
                        Unpooled.wrappedBuffer(ProxyPreface.of(client, address).v1()));
            case V2 ->
                channel.write(
                        Unpooled.wrappedBuffer(ProxyPreface.of(client, address).v2()));
        }
    }

    private void secure(Channel channel, Duration left, Receiver receiver) {
        if (tls == null) {
            receiver.connected(channel);
        } else {
            tls.shake(channel, address, millis(left), receiver);
        }
    }

    private static int millis(Duration limit) {
        return (int) Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
    }

    /** Where there is no channel at all, Netty tells so on another thread. */
    private void onLoop(Runnable task) {
        if (loop.eventLoop().inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private static Failure failure(Throwable cause) {
        Failure.Kind kind = switch (cause) {
            case ChannelException noSocket ->
                Failure.Kind.CONNECTION_LIMIT; // ours, not the server's: no descriptors left
            case ConnectTimeoutException timeout -> Failure.Kind.CONNECTION_TIMEOUT;
            case NoRouteToHostException noRoute -> Failure.Kind.DESTINATION_UNAVAILABLE;
            case ConnectException refused -> Failure.Kind.CONNECTION_REFUSED;
            case UnresolvedAddressException unresolved -> Failure.Kind.DNS_ERROR;
            case UnknownHostException unknown -> Failure.Kind.DNS_ERROR;
            default -> Failure.Kind.DESTINATION_UNAVAILABLE;
        };
        return new Failure(kind, "cannot connect: " + cause.getMessage(), true);
    }
}
