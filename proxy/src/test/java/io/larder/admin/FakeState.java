package io.larder.admin;

import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A gateway with one upstream of two servers, one of them ejected. */
final class FakeState implements State {
    boolean ready = true;
    Optional<String> metrics = Optional.of("larder_requests_total 1\n");
    Nodes nodes = new Nodes(
            Mode.SHARED,
            new Self("a", true, 120L, 5000L, "revalidate"),
            new Contact(true, null),
            new PurgeLog("1a2b", "0-0", "17-0", 0),
            List.of(new Node("a", true, "17-0", 0L, 120L, 6130L), new Node("b", false, "16-0", 1L, 5000L, 1250L)));

    @Override
    public Status status() {
        return new Status(
                "0.1.0",
                ready ? Phase.READY : Phase.DRAINING,
                Instant.parse("2026-11-23T12:00:00Z"),
                90,
                "epoll",
                new Configuration(List.of("larder.yaml"), Instant.parse("2026-11-23T12:00:00Z"), true, null, List.of()),
                List.of(new Listener("web", "0.0.0.0:8080")),
                List.of(new Readings.Tier("local", 1000, 5000, 7, 3)),
                new Coherence(Mode.SHARED, true, 120L, "1a2b"),
                Map.of("hit", 9L),
                upstreams(),
                List.of(new GuardedRoute(
                        "shop",
                        "all",
                        Map.of("guard-form", 3L),
                        new GuardedRoute.Shadow(40, 1, 2, 0),
                        List.of(new GuardedRoute.Finding(
                                "http://shop.example/", "differs per visitor at byte 4312", 2)))));
    }

    @Override
    public Readiness readiness() {
        return new Readiness(ready, ready ? "ready" : "draining");
    }

    @Override
    public CompletionStage<Nodes> nodes() {
        return CompletableFuture.completedFuture(nodes);
    }

    @Override
    public String config() {
        return "listeners: {}\n";
    }

    @Override
    public List<Upstream> upstreams() {
        return List.of(new Upstream(
                "app",
                "round-robin",
                List.of(
                        new Readings.Server(
                                "app", "127.0.0.1:8000", "up", true, 2, false, 4, 512, 2, 3, 7, 1.5, 100, 1),
                        new Readings.Server(
                                "app", "127.0.0.1:8001", "ejected", false, 1, true, 0, 512, 0, 0, 0, 0, 5, 5))));
    }

    @Override
    public List<Site> sites() {
        return List.of(new Site(
                "shop", List.of("shop.example"), List.of(new Route("all", "/**", "proxy", true, "app", null))));
    }

    @Override
    public Optional<String> metrics() {
        return metrics;
    }
}
