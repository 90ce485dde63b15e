package io.larder.admin;

import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A gateway with one upstream of two servers, one of them ejected. */
final class FakeState implements State {
    boolean ready = true;
    Optional<String> metrics = Optional.of("larder_requests_total 1\n");

    @Override
    public Status status() {
        return new Status(
                "0.1.0",
                ready ? Phase.READY : Phase.DRAINING,
                Instant.parse("2026-11-23T12:00:00Z"),
                90,
                "epoll",
                new Configuration(List.of("larder.yaml"), Instant.parse("2026-11-23T12:00:00Z"), true, null),
                List.of(new Listener("web", "0.0.0.0:8080")),
                List.of(new Readings.Tier("local", 1000, 5000, 7, 3)),
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
    public String config() {
        return "listeners: {}\n";
    }

    @Override
    public List<Upstream> upstreams() {
        return List.of(new Upstream(
                "app",
                "round-robin",
                List.of(
                        new Readings.Server("app", "127.0.0.1:8000", true, 4, 2, 100, 1),
                        new Readings.Server("app", "127.0.0.1:8001", false, 0, 0, 5, 5))));
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
