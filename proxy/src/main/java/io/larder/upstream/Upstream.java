package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.RetryBudget;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;

/**
 * The end of the chain: puts a request to one of the servers and answers with what that says.
 *
 * <p>One instance for the process; everything that moves is in a {@link Lane} of the exchange's loop. A response's headers
 * are end-to-end: this hop's framing and hop-by-hop fields end here.
 */
@Shared
public final class Upstream implements Handler, Servers {
    private final UpstreamSettings settings;
    private final List<NettyLoop> loops;
    private final List<Server> servers;
    private final List<Lane> lanes;

    /**
     * An upstream without connections yet.
     *
     * @param random answers a number from 0 (inclusive) to its argument (exclusive); called from all loops
     */
    public Upstream(UpstreamSettings settings, Loops loops, IntUnaryOperator random) {
        this.settings = settings;
        this.loops = loops.all();
        this.servers = settings.servers().stream()
                .map(server -> new Server(server, settings.outliers()))
                .toList();
        UpstreamSettings.Pool share = settings.pool().shared(this.loops.size());
        List<Lane> all = new ArrayList<>();
        for (NettyLoop loop : this.loops) {
            all.add(new Lane(loop, loops.transport(), settings, share, servers, random));
        }
        this.lanes = List.copyOf(all);
    }

    public UpstreamSettings settings() {
        return settings;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return attempt(request, exchange.within(total()), new HashSet<>(2));
    }

    @Override
    public CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
        return on(exchange.loop()).attempt(request, exchange, tried);
    }

    @Override
    public boolean hasUntried(Set<Endpoint> tried, Exchange exchange) {
        return on(exchange.loop()).hasUntried(tried);
    }

    @Override
    public RetryBudget budget(Loop loop) {
        return on(loop).budget();
    }

    @Override
    public Duration total() {
        return settings.timeouts().total();
    }

    /**
     * What the servers are doing; from any thread.
     *
     * @param nanos the present, on the loops' clock
     */
    public List<ServerStats> stats(long nanos) {
        return servers.stream().map(server -> server.stats(nanos)).toList();
    }

    /** Closes unused connections, and the others when their transactions are over; from any thread. */
    public void retire() {
        for (NettyLoop loop : loops) {
            loop.execute(on(loop)::retire);
        }
    }

    private Lane on(Loop loop) {
        return lanes.get(((NettyLoop) loop).number());
    }
}
