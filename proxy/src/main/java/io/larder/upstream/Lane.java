package io.larder.upstream;

import io.larder.balance.Balancer;
import io.larder.balance.Choice;
import io.larder.balance.ConsistentHash;
import io.larder.balance.Eligible;
import io.larder.balance.Endpoint;
import io.larder.balance.Ewma;
import io.larder.balance.KeyHash;
import io.larder.balance.LeastRequests;
import io.larder.balance.RandomChoice;
import io.larder.balance.RetryBudget;
import io.larder.balance.RoundRobin;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.netty.NettyLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part of an upstream that lives on one loop: its balancer, its connections, its retry budget. Confined to it. */
final class Lane {
    private final NettyLoop loop;
    private final Lines lines;
    private final UpstreamSettings settings;
    private final UpstreamSettings.Pool share;
    private final Balancer balancer;
    private final RetryBudget budget = new RetryBudget();
    private final IntUnaryOperator random;
    private List<Peer> peers;

    /**
     * @param share of the connections that falls to this loop
     * @param servers that may be picked; others may come, see {@link #use}
     */
    Lane(
            NettyLoop loop,
            Lines lines,
            UpstreamSettings settings,
            UpstreamSettings.Pool share,
            List<Server> servers,
            IntUnaryOperator random) {
        this.loop = loop;
        this.lines = lines;
        this.settings = settings;
        this.share = share;
        this.random = random;
        this.balancer = switch (settings.balancing().policy()) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
            case EWMA -> new Ewma();
            case RANDOM -> new RandomChoice();
            case CONSISTENT_HASH -> new ConsistentHash();
        };
        this.peers = servers.stream().map(this::peer).toList();
    }

    private Peer peer(Server server) {
        return new Peer(
                server, lines.to(server, loop, share), settings.balancing().slowStart());
    }

    /** What lends connections to {@code server} that are used once. */
    Lender single(Server server) {
        return lines.single(server, loop);
    }

    /** From now on these are the servers. Those that are no longer among them finish what they have. */
    void use(List<Server> servers) {
        loop.check();
        Map<Server, Peer> known = new HashMap<>();
        peers.forEach(peer -> known.put(peer.server(), peer));
        List<Peer> now = new ArrayList<>(servers.size());
        for (Server server : servers) {
            Peer peer = known.remove(server);
            now.add(peer == null ? peer(server) : peer);
        }
        peers = List.copyOf(now);
        known.values().forEach(gone -> gone.lender().retire());
    }

    CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
        loop.check();
        Peer peer = bound(exchange.affinity(), tried);
        if (peer == null) {
            long hash = hash(request, exchange);
            peer = pick(hash, tried);
            peer = peer == null && !tried.isEmpty() ? pick(hash, Set.of()) : peer;
        }
        if (peer == null) {
            request.body().discard();
            return CompletableFuture.failedFuture(new Failure(
                    Failure.Kind.DESTINATION_UNAVAILABLE, "no server of the upstream can be asked now", true));
        }
        tried.add(peer.endpoint());
        return new Attempt(peer, settings, request, exchange).begin();
    }

    /** The server that a client is bound to, if it may be asked. */
    private @Nullable Peer bound(@Nullable String address, Set<Endpoint> tried) {
        if (address == null) {
            return null;
        }
        Peer bound = null;
        int best = Integer.MAX_VALUE;
        long nanos = loop.nanos();
        for (Peer peer : peers) {
            if (peer.isUsable(nanos) && !tried.contains(peer.endpoint())) {
                best = Math.min(best, peer.endpoint().priority());
                bound = peer.endpoint().address().equals(address) ? peer : bound;
            }
        }
        return bound != null && bound.endpoint().priority() == best ? bound : null; // no backup while others are back
    }

    /** What keeps requests together; chance where nothing does, or a request does not say. */
    private long hash(Request request, Exchange exchange) {
        HashBy by = settings.balancing().hashBy();
        if (by == null) {
            return 0;
        }
        String key = by.of(request, exchange);
        return key == null ? KeyHash.mix(random.applyAsInt(Integer.MAX_VALUE)) : KeyHash.of(key);
    }

    private @Nullable Peer pick(long hash, Set<Endpoint> tried) {
        OptionalInt picked = balancer.pick(peers, choice(hash, tried));
        return picked.isPresent() ? peers.get(picked.getAsInt()) : null;
    }

    private Choice choice(long hash, Set<Endpoint> tried) {
        return new Choice(hash, settings.care().panicBelow(), tried, loop.nanos(), random);
    }

    boolean hasUntried(Set<Endpoint> tried) {
        return Eligible.isLeft(peers, choice(0, tried));
    }

    boolean isUsable() {
        long nanos = loop.nanos();
        return peers.stream().anyMatch(peer -> peer.isUsable(nanos));
    }

    RetryBudget budget() {
        loop.check();
        return budget;
    }

    void retire() {
        peers.forEach(peer -> peer.lender().retire());
    }
}
