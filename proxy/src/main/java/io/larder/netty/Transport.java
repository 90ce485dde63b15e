package io.larder.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How bytes reach the kernel. */
public enum Transport {
    EPOLL,
    IO_URING,
    NIO;

    /**
     * The transport to use on this machine: epoll where there is Linux, else NIO.
     *
     * @param wanted {@code epoll}, {@code io_uring} or {@code nio}; null leaves the choice to us. io_uring is taken on
     *     request only: container profiles often forbid it
     * @throws IllegalArgumentException when {@code wanted} is unknown or not available here, with the reason
     */
    public static Transport pick(@Nullable String wanted) {
        if (wanted == null) {
            return Epoll.isAvailable() ? EPOLL : NIO;
        }
        Transport transport = switch (wanted.toLowerCase(Locale.ROOT)) {
            case "epoll" -> EPOLL;
            case "io_uring" -> IO_URING;
            case "nio" -> NIO;
            default -> throw new IllegalArgumentException("no transport is called '" + wanted + "'");
        };
        Throwable missing = transport.unavailability();
        if (missing != null) {
            throw new IllegalArgumentException(wanted + " is not available here: " + missing.getMessage());
        }
        return transport;
    }

    private @Nullable Throwable unavailability() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }

    IoHandlerFactory ioHandlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** The class of a socket that accepts connections. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** The class of a socket that connects to {@code address}. */
    public Class<? extends Channel> clientChannel(SocketAddress address) {
        if (!(address instanceof UnixDomainSocketAddress)) {
            return tcpChannel();
        }
        return switch (this) {
            case EPOLL -> EpollDomainSocketChannel.class;
            case IO_URING -> IoUringDomainSocketChannel.class;
            case NIO -> NioDomainSocketChannel.class;
        };
    }

    /** The class of a socket that is connected by TCP. */
    public Class<? extends SocketChannel> tcpChannel() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IoUringSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /** {@code address} in the words of this transport's sockets: the native ones have an own form of Unix domain addresses. */
    public SocketAddress addressed(SocketAddress address) {
        return this != NIO && address instanceof UnixDomainSocketAddress local
                ? new DomainSocketAddress(local.getPath().toFile())
                : address;
    }

    /** The class of a socket for datagrams. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return switch (this) {
            case EPOLL -> EpollDatagramChannel.class;
            case IO_URING -> IoUringDatagramChannel.class;
            case NIO -> NioDatagramChannel.class;
        };
    }

    /** Whether every loop can accept by itself on one port (SO_REUSEPORT), so that a connection is born where it lives. */
    public boolean sharesPorts() {
        return this != NIO;
    }
}
