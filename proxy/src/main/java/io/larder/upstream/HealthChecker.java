package io.larder.upstream;

import io.larder.netty.NettyLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** Asks all servers of an upstream, again and again, whether they are healthy. Confined to one loop. */
final class HealthChecker {
    private final NettyLoop loop;
    private final UpstreamSettings settings;
    private final UpstreamSettings.Checks checks;
    private final Function<Server, Lender> lenders;
    private final IntUnaryOperator random;
    private Map<Server, HealthCheck> running = Map.of();

    /**
     * @param lenders lends connections that are used once
     * @param random answers a number from 0 (inclusive) to its argument (exclusive)
     */
    HealthChecker(
            NettyLoop loop,
            UpstreamSettings settings,
            UpstreamSettings.Checks checks,
            Function<Server, Lender> lenders,
            IntUnaryOperator random) {
        this.loop = loop;
        this.settings = settings;
        this.checks = checks;
        this.lenders = lenders;
        this.random = random;
    }

    /** From now on these are the servers: new ones are checked at once. */
    void use(List<Server> servers) {
        loop.check();
        Map<Server, HealthCheck> now = new HashMap<>();
        List<HealthCheck> added = new ArrayList<>();
        for (Server server : servers) {
            HealthCheck check = running.get(server);
            if (check == null) {
                check = new HealthCheck(loop, settings, checks, server, lenders.apply(server), random);
                added.add(check);
            }
            now.put(server, check);
        }
        running.forEach((server, check) -> {
            if (!now.containsKey(server)) {
                check.stop();
            }
        });
        running = Map.copyOf(now);
        added.forEach(HealthCheck::begin);
    }

    void stop() {
        use(List.of());
    }
}
