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
import org.jspecify.annotations.Nullable;

/**
 * The end of the chain: puts a request to one of the servers and answers with what that says.
 *
 * <p>One instance for the process; everything that moves with requests is in a {@link Lane} of the exchange's loop. A
 * response's headers are end-to-end: this hop's framing and hop-by-hop fields end here.
 */
@Shared
public final class Upstream implements Handler, Servers {
    private final UpstreamSettings settings;
    private final List<NettyLoop> loops;
    private final Members members;
    private final List<Lane> lanes;
    private final NettyLoop checking; // the loop that asks servers whether they are healthy, so that one does
    private final @Nullable HealthChecker checker; // null: nobody asks
    private boolean retired; // under the lock of this

    /**
     * An upstream without connections yet.
     *
     * @param servers may be none, and others later: {@link #use}
     * @param random answers a number from 0 (inclusive) to its argument (exclusive); called from all loops
     * @param news is told how the servers do
     */
    public Upstream(
            UpstreamSettings settings,
            List<UpstreamSettings.ServerSettings> servers,
            Loops loops,
            IntUnaryOperator random,
            News news) {
        this.settings = settings;
        this.loops = loops.all();
        this.members = new Members(settings, news);
        List<Server> first = members.replace(servers, this.loops.getFirst().nanos());
        UpstreamSettings.Pool share = settings.pool().shared(this.loops.size());
        Lines lines = new Lines(loops, settings);
        List<Lane> all = new ArrayList<>();
        for (NettyLoop loop : this.loops) {
            all.add(new Lane(loop, lines, settings, share, first, random));
        }
        this.lanes = List.copyOf(all);
        UpstreamSettings.Checks checks = settings.care().checks();
        this.checking = this.loops.get(Math.floorMod(settings.name().hashCode(), this.loops.size()));
        this.checker = checks == null
                ? null
                : new HealthChecker(checking, settings, checks, lanes.get(checking.number())::single, random);
        spread();
    }

    public UpstreamSettings settings() {
        return settings;
    }

    /**
     * From now on these are the servers; from any thread. Those that stay keep their connections and what is known of them,
     * those that are gone finish what they have.
     */
    public synchronized void use(List<UpstreamSettings.ServerSettings> servers) {
        if (retired) {
            return; // what was on its way when nobody wanted to know any more
        }
        members.replace(servers, loops.getFirst().nanos());
        spread();
    }

    /**
     * Takes a server out, or lets it in again; from any thread. It finishes what it has.
     *
     * @return whether there is such a server
     */
    public synchronized boolean drain(String address, boolean out) {
        boolean known = members.drain(address, out, loops.getFirst().nanos());
        if (known) {
            spread();
        }
        return known;
    }

    /** The addresses of servers that have been taken out, of those included that are gone. */
    public Set<String> drained() {
        return members.drained();
    }

    /** Takes out servers that may be there, or come. */
    public synchronized void takeOut(Set<String> addresses) {
        members.takeOut(addresses, loops.getFirst().nanos());
        spread();
    }

    private void spread() {
        if (retired) {
            return;
        }
        List<Server> active = members.active();
        for (NettyLoop loop : loops) {
            loop.execute(() -> on(loop).use(active));
        }
        if (checker != null) {
            List<Server> all = members.all();
            checking.execute(() -> checker.use(all));
        }
    }

    /** The servers of the moment; from any thread. */
    public List<UpstreamSettings.ServerSettings> servers() {
        return members.all().stream()
                .map(server -> new UpstreamSettings.ServerSettings(server.endpoint(), server.address()))
                .toList();
    }

    /** The addresses of all servers, as configured; from any thread. The same list until they change. */
    public List<String> addresses() {
        return members.addresses();
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
    public boolean isUsable(Exchange exchange) {
        return on(exchange.loop()).isUsable();
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
        return members.all().stream().map(server -> server.stats(nanos)).toList();
    }

    /** Closes unused connections, and the others when their transactions are over; from any thread. */
    public synchronized void retire() {
        retired = true;
        for (NettyLoop loop : loops) {
            loop.execute(on(loop)::retire);
        }
        if (checker != null) {
            checking.execute(checker::stop);
        }
    }

    private Lane on(Loop loop) {
        return lanes.get(((NettyLoop) loop).number());
    }
}
