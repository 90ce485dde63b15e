package io.larder.server;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.server.connection.ClientCount;
import io.larder.server.connection.ConnectionCount;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.LoopContext;
import io.larder.server.connection.Serving;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One address that clients connect to. Every loop accepts for itself where the kernel can share a port, so that a
 * connection lives on the loop it is born on. Its methods may be called from any thread but a loop's.
 */
@Shared
public final class Listener {
    private static final int BACKLOG = 4096;

    /** How many connections are accepted at once: whoever comes late must not wait for all that are there to be served first. */
    private static final int ACCEPTED = 256;

    private static final WriteBufferWaterMark PENDING = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private final List<NettyLoop> loops;
    private final List<Reception> receptions; // one a loop, in the loops' order
    private final ConnectionCount count;
    private final ClientCount clients;
    private final List<Channel> sockets;
    private final InetSocketAddress address;
    private final AtomicReference<@Nullable QuicPort> quic = new AtomicReference<>();

    private Listener(
            List<NettyLoop> loops,
            List<Reception> receptions,
            ConnectionCount count,
            ClientCount clients,
            List<Channel> sockets) {
        this.loops = loops;
        this.receptions = receptions;
        this.count = count;
        this.clients = clients;
        this.sockets = sockets;
        this.address = (InetSocketAddress) sockets.get(0).localAddress();
    }

    /**
     * Listens on {@code address}; blocks until it does.
     *
     * @param address port 0 lets the system choose one, see {@link #address()}
     * @param serving what each loop's connections work with; asked once a loop
     * @throws BindFailure when the address cannot be had
     */
    public static Listener open(
            InetSocketAddress address, ListenerSettings settings, Loops loops, Function<NettyLoop, Serving> serving)
            throws BindFailure {
        List<Reception> receptions = new ArrayList<>();
        for (NettyLoop loop : loops.all()) {
            receptions.add(new Reception(new LoopContext(loop, settings, serving.apply(loop))));
        }
        ConnectionCount count = new ConnectionCount();
        ClientCount clients = new ClientCount();
        Pipeline pipeline = new Pipeline(loops, List.copyOf(receptions), count, clients);
        List<Channel> sockets = bind(address, settings.name(), loops, pipeline);
        Listener listener = new Listener(loops.all(), List.copyOf(receptions), count, clients, sockets);
        try {
            listener.openFor(settings, loops);
        } catch (BindFailure failure) {
            listener.stopAccepting();
            throw failure;
        }
        return listener;
    }

    /**
     * Opens what {@code settings} need and is not open yet, before {@link #change} puts them in force: the UDP port of the same
     * number where they have HTTP/3. Blocks; by one thread at a time.
     *
     * @throws BindFailure when the address cannot be had
     */
    public void openFor(ListenerSettings settings, Loops all) throws BindFailure {
        if (settings.protocols().http3() && quic.get() == null) {
            quic.set(QuicPort.open(address, settings.timeouts().idle(), all, receptions, count, clients));
        }
    }

    private static List<Channel> bind(InetSocketAddress address, String name, Loops loops, Pipeline pipeline)
            throws BindFailure {
        if (!loops.transport().sharesPorts()) {
            return List.of(bind(bootstrap(name, loops, loops.group(), pipeline), address));
        }
        probe(address);
        List<Channel> sockets = new ArrayList<>();
        InetSocketAddress wanted = address;
        for (NettyLoop loop : loops.all()) {
            ServerBootstrap bootstrap = bootstrap(name, loops, loop.eventLoop(), pipeline);
            sockets.add(bindOrClose(bootstrap.option(UnixChannelOption.SO_REUSEPORT, true), wanted, sockets));
            wanted = (InetSocketAddress) sockets.get(0).localAddress();
        }
        return List.copyOf(sockets);
    }

    /** Sockets that share ports share them with other processes of this user too: sees to it that there is none. */
    private static void probe(InetSocketAddress address) throws BindFailure {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException taken) {
            throw BindFailure.of(address, taken);
        }
    }

    private static ServerBootstrap bootstrap(String name, Loops loops, EventLoopGroup group, Pipeline pipeline) {
        return new ServerBootstrap()
                .group(group)
                .channel(loops.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, accepting())
                .handler(new Acceptor(name))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, PENDING)
                .childHandler(pipeline);
    }

    /** Left to itself, epoll's socket takes one connection in each turn of its loop. */
    private static RecvByteBufAllocator accepting() {
        return new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(ACCEPTED);
    }

    private static Channel bindOrClose(ServerBootstrap bootstrap, InetSocketAddress address, List<Channel> others)
            throws BindFailure {
        try {
            return bind(bootstrap, address);
        } catch (BindFailure failure) {
            others.forEach(Channel::close);
            throw failure;
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, InetSocketAddress address) throws BindFailure {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw BindFailure.of(address, cause);
        }
        return bound.channel();
    }

    /** The address it listens on, with the port that was chosen. */
    public InetSocketAddress address() {
        return address;
    }

    /** How many connections are open. */
    public int connections() {
        return count.value();
    }

    /**
     * Takes no more connections; blocks until the port is free. Those that are open go on; where some are of QUIC, they live by the
     * UDP port, which is free once they are gone.
     */
    public void stopAccepting() {
        QuicPort port = quic.get();
        if (port != null) {
            port.stopAccepting();
        }
        sockets.forEach(Channel::close);
        for (Channel socket : sockets) {
            socket.closeFuture().awaitUninterruptibly();
            // NIO lets go of the port when its loop next selects, which it has done before this runs
            socket.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        }
    }

    /**
     * Lets connections that are accepted from now on work with something else, under another name if {@code settings} has
     * one. Those that are open go on as they began.
     *
     * @param serving asked once a loop, on any thread
     * @return completes, on any thread, once that is so on all loops
     */
    public CompletionStage<Void> change(ListenerSettings settings, Function<NettyLoop, Serving> serving) {
        List<CompletableFuture<Void>> changed = new ArrayList<>();
        for (NettyLoop loop : loops) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            changed.add(done);
            loop.execute(() -> {
                receptions.get(loop.number()).change(new LoopContext(loop, settings, serving.apply(loop)));
                done.complete(null);
            });
        }
        return CompletableFuture.allOf(changed.toArray(CompletableFuture[]::new));
    }

    /** As {@link #drain}, of connections alone that came while this listener had another name; it goes on accepting. */
    public CompletionStage<Integer> drainNamedOtherwise(Duration limit) {
        return drain(limit, Reception::namedOtherwise);
    }

    /**
     * Takes no more connections, closes idle ones, and lets busy ones finish their response.
     *
     * @param limit after which connections are cut
     * @return completes, on any thread, when all connections are gone; with the number of those that were cut
     */
    public CompletionStage<Integer> drain(Duration limit) {
        stopAccepting();
        return drain(limit, Reception::all).whenComplete((cut, failure) -> closeQuic());
    }

    private void closeQuic() {
        QuicPort port = quic.get();
        if (port != null) {
            port.close();
        }
    }

    private CompletionStage<Integer> drain(Duration limit, Function<Reception, List<LoopContext>> which) {
        CompletableFuture<Integer> cut = CompletableFuture.completedFuture(0);
        for (NettyLoop loop : loops) {
            CompletableFuture<Integer> own = new CompletableFuture<>();
            loop.execute(() -> drain(loop, which.apply(receptions.get(loop.number())), limit, own));
            cut = cut.thenCombine(own, Integer::sum);
        }
        return cut;
    }

    private static void drain(
            NettyLoop loop, List<LoopContext> contexts, Duration limit, CompletableFuture<Integer> result) {
        int[] cut = new int[1];
        Loop.Timer last = loop.schedule(
                limit,
                () -> contexts.forEach(
                        context -> cut[0] += context.connections().cut()));
        CompletableFuture<?>[] drained =
                contexts.stream().map(context -> context.connections().drain()).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(drained).thenRun(() -> {
            last.cancel();
            result.complete(cut[0]);
        });
    }
}
