package io.larder.upstream;

import io.larder.balance.Balancer;
import io.larder.balance.Choice;
import io.larder.balance.Endpoint;
import io.larder.balance.LeastRequests;
import io.larder.balance.RetryBudget;
import io.larder.balance.RoundRobin;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;

/** The part of an upstream that lives on one loop: its balancer, its connections, its retry budget. Confined to it. */
final class Lane {
    private final NettyLoop loop;
    private final UpstreamSettings settings;
    private final List<Server> servers;
    private final List<ConnectionPool> pools;
    private final Balancer balancer;
    private final RetryBudget budget = new RetryBudget();
    private final IntUnaryOperator random;

    Lane(
            NettyLoop loop,
            Transport transport,
            UpstreamSettings settings,
            UpstreamSettings.Pool share,
            List<Server> servers,
            IntUnaryOperator random) {
        this.loop = loop;
        this.settings = settings;
        this.servers = servers;
        this.random = random;
        this.balancer = switch (settings.balancing()) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
        };
        List<ConnectionPool> all = new ArrayList<>(servers.size());
        for (Server server : servers) {
            Connector connector = new SocketConnector(loop, transport.clientChannel(), server.address(), share.idle());
            all.add(new ConnectionPool(loop, server, share, settings.timeouts().connect(), connector));
        }
        this.pools = List.copyOf(all);
    }

    CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
        loop.check();
        OptionalInt picked = balancer.pick(servers, choice(tried));
        if (picked.isEmpty()) {
            picked = balancer.pick(servers, choice(Set.of()));
        }
        if (picked.isEmpty()) {
            request.body().discard();
            return CompletableFuture.failedFuture(
                    new Failure(Failure.Kind.DESTINATION_UNAVAILABLE, "the upstream has no server", true));
        }
        Server server = servers.get(picked.getAsInt());
        tried.add(server.endpoint());
        return new Attempt(server, pools.get(picked.getAsInt()), settings, request, exchange).begin();
    }

    private Choice choice(Set<Endpoint> tried) {
        return new Choice(0, 0, tried, loop.nanos(), random);
    }

    boolean hasUntried(Set<Endpoint> tried) {
        long nanos = loop.nanos();
        return servers.stream().anyMatch(server -> server.isUsable(nanos) && !tried.contains(server.endpoint()));
    }

    RetryBudget budget() {
        loop.check();
        return budget;
    }

    void retire() {
        pools.forEach(ConnectionPool::retire);
    }
}
