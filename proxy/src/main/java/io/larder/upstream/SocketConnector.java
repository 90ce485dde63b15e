package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.netty.NettyLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Connects by plain TCP. Confined to its loop. */
final class SocketConnector implements Connector {
    private final NettyLoop loop;
    private final InetSocketAddress address;
    private final Duration idle;
    private final Bootstrap bootstrap;

    /** @param idle how long an unused connection may be kept */
    SocketConnector(NettyLoop loop, Class<? extends SocketChannel> sockets, InetSocketAddress address, Duration idle) {
        this.loop = loop;
        this.address = address;
        this.idle = idle;
        this.bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channel(sockets)
                .option(ChannelOption.AUTO_READ, false) // back pressure: nothing is read unasked
                .option(ChannelOption.AUTO_CLOSE, false) // an answer may wait behind a request that cannot be written
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
    }

    @Override
    public void connect(Connection.Owner owner, Duration limit, Receiver receiver) {
        loop.check();
        int millis = (int) Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
        bootstrap
                .clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .connect(address)
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        Connection connection = new Connection(done.channel(), loop, owner, idle);
                        done.channel().pipeline().addLast(connection);
                        receiver.connected(connection);
                    } else {
                        onLoop(() -> receiver.failed(failure(done.cause())));
                    }
                });
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
