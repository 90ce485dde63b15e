package io.larder.admin;

import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the API tells of the gateway. Called on any thread; {@link #readiness} on loops, and must answer at once. */
public interface State {
    Status status();

    /** Whether it should be sent requests. */
    Readiness readiness();

    /** The effective configuration as YAML, secrets masked. */
    String config();

    List<Upstream> upstreams();

    List<Site> sites();

    /** Metrics in Prometheus' text format 0.0.4; empty where they are switched off. */
    Optional<String> metrics();

    /** Where the gateway is in its life. */
    enum Phase {
        STARTING,
        READY,
        DRAINING
    }

    /**
     * Whether requests are welcome.
     *
     * @param reason one line for people
     */
    record Readiness(boolean ready, String reason) {}

    /**
     * The gateway as a whole.
     *
     * @param transport how it talks to the kernel, such as {@code epoll}
     * @param requests how many ended in each cache outcome
     * @param guard what the private-page guard has seen
     */
    record Status(
            String version,
            Phase phase,
            Instant started,
            long uptimeSeconds,
            String transport,
            Configuration configuration,
            List<Listener> listeners,
            List<Readings.Tier> tiers,
            Map<String, Long> requests,
            List<Upstream> upstreams,
            List<GuardedRoute> guard) {
        public Status {
            listeners = List.copyOf(listeners);
            tiers = List.copyOf(tiers);
            requests = Map.copyOf(requests);
            upstreams = List.copyOf(upstreams);
            guard = List.copyOf(guard);
        }
    }

    /**
     * The live configuration.
     *
     * @param current false when the latest files were refused
     * @param problem why they were; null unless they were
     */
    record Configuration(
            List<String> files,
            Instant loaded,
            boolean current,
            @Nullable String problem) {
        public Configuration {
            files = List.copyOf(files);
        }
    }

    /**
     * A port that clients connect to.
     *
     * @param address that connections are accepted on, such as {@code 0.0.0.0:8080}
     */
    record Listener(String name, String address) {}

    /** A group of servers, in the order of the configuration. */
    record Upstream(String name, String balance, List<Readings.Server> servers) {
        public Upstream {
            servers = List.copyOf(servers);
        }
    }

    /**
     * What is served under a set of host names.
     *
     * @param hosts empty: any
     */
    record Site(String name, List<String> hosts, List<Route> routes) {
        public Site {
            hosts = List.copyOf(hosts);
            routes = List.copyOf(routes);
        }
    }

    /**
     * One rule of a site; the first that matches wins.
     *
     * @param action what it does, in a word: {@code proxy}, {@code redirect}, {@code respond}
     * @param place where it is written, {@code file:line}; null where it is not
     */
    record Route(
            String name,
            String path,
            String action,
            boolean cached,
            @Nullable String upstream,
            @Nullable String place) {}
}
