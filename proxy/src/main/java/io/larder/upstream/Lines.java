package io.larder.upstream;

import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import org.jspecify.annotations.Nullable;

/** What leads to the servers of one upstream, on whichever loop: sockets, TLS, protocol. */
final class Lines {
    private final Transport transport;
    private final int loops;
    private final Access access;
    private final UpstreamSettings settings;
    private final @Nullable ClientTls tls;

    /** @throws IllegalArgumentException where the TLS material is of no use */
    Lines(Loops loops, UpstreamSettings settings) {
        this.transport = loops.transport();
        this.loops = loops.all().size();
        this.access = settings.access();
        this.settings = settings;
        this.tls = access.tls() == null ? null : new ClientTls(access.tls(), access.protocol());
    }

    /** The connections to {@code server} from {@code loop}, none of them open yet, within the limits of {@code share}. */
    Lender to(Server server, NettyLoop loop, UpstreamSettings.Pool share) {
        UpstreamSettings.Pool limits = access.preface() == Access.Preface.OFF ? share : share.singleUse();
        Dialer dialer = new Dialer(loop, transport, server.address(), access.preface(), tls);
        Lender lender = lender(server, loop, limits, dialer);
        SharedLimit limit = server.limit();
        return limit == null ? lender : new Throttle(loop, server, lender, limit, loops, limits);
    }

    /** What lends connections from {@code loop} to {@code server} that are used once, without waiting for others. */
    Lender single(Server server, NettyLoop loop) {
        UpstreamSettings.Pool limits = settings.pool().singleUse();
        Dialer dialer = new Dialer(loop, transport, server.address(), access.preface(), tls);
        Lender lender = lender(server, loop, limits, dialer);
        lender.retire();
        return lender;
    }

    private Lender lender(Server server, NettyLoop loop, UpstreamSettings.Pool limits, Dialer dialer) {
        return switch (access.protocol()) {
            case HTTP_1_1 ->
                new ConnectionPool(
                        loop,
                        server,
                        limits,
                        settings.timeouts().connect(),
                        new SocketConnector(loop, dialer, limits.idle()));
            case HTTP_2 -> new StreamPool(loop, server, limits, settings, dialer);
        };
    }
}
