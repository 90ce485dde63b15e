package io.larder.admin;

import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the API tells of the gateway. Called on any thread; {@link #readiness} on loops, and must answer at once. */
public interface State {
    Status status();

    /** The nodes that purge together; completes on any thread, soon, and never fails. */
    CompletionStage<Nodes> nodes();

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
        /** Learns from other nodes what they have purged, and what is asked for most. */
        WARMING,
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
     * @param coherence how this node keeps in step with others
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
            Coherence coherence,
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

    /** Whether a node has others beside it. */
    enum Mode {
        SINGLE,
        SHARED
    }

    /**
     * How this node keeps in step with others.
     *
     * @param current whether every purge that is complete is in force here
     * @param lagMs how long ago it last knew all that their log of purges did; null where it never has, or is alone
     * @param epoch which log it is; null where there is none
     */
    record Coherence(
            Mode mode,
            boolean current,
            @Nullable Long lagMs,
            @Nullable String epoch) {}

    /**
     * The nodes that purge together, as this one sees them.
     *
     * @param redis whether it answers; null where this node is alone
     * @param log of purges, that they share; null where this node is alone, or the log cannot be asked
     * @param nodes those that live, in the order of their names; this one alone where the log cannot be asked
     */
    record Nodes(
            Mode mode,
            Self self,
            @Nullable Contact redis,
            @Nullable PurgeLog log,
            List<Node> nodes) {
        public Nodes {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * The node that answers.
     *
     * @param current see {@link Coherence#current}
     * @param lagMs see {@link Coherence#lagMs}
     * @param maxLagMs for how long it trusts what it has without contact; null where it is alone
     * @param whenLagging what becomes of stored responses after that; null where it is alone
     */
    record Self(
            String name,
            boolean current,
            @Nullable Long lagMs,
            @Nullable Long maxLagMs,
            @Nullable String whenLagging) {}

    /**
     * Whether Redis answers.
     *
     * @param unreachedMs how long ago it last did; null where it does
     */
    record Contact(boolean reached, @Nullable Long unreachedMs) {}

    /**
     * The log of purges.
     *
     * @param epoch which log it is
     * @param floor the last position that was forgotten
     * @param last the last position that was given
     * @param unsettledMs for how much longer nodes may live that are not known, since the log is new; 0 for none
     */
    record PurgeLog(String epoch, String floor, String last, long unsettledMs) {}

    /**
     * One of the nodes; what its log would have to tell is null where it cannot.
     *
     * @param self whether it is the one that answers
     * @param cursor up to where it has read the log
     * @param behind how many entries it has not read; counted up to 100
     * @param lagMs how long ago it was last heard of, by the clock of Redis
     * @param leaseMs for how much longer it counts as alive if it is not heard of again
     */
    record Node(
            String name,
            boolean self,
            @Nullable String cursor,
            @Nullable Long behind,
            @Nullable Long lagMs,
            @Nullable Long leaseMs) {}

    /**
     * The live configuration.
     *
     * @param current false when the latest files were refused
     * @param problem why they were; null unless they were
     * @param restartNeeded the keys in it that say something else than what this process runs with until its end
     */
    record Configuration(
            List<String> files,
            Instant loaded,
            boolean current,
            @Nullable String problem,
            List<String> restartNeeded) {
        public Configuration {
            files = List.copyOf(files);
            restartNeeded = List.copyOf(restartNeeded);
        }
    }

    /**
     * A port that clients connect to.
     *
     * @param address that connections are accepted on, such as {@code 0.0.0.0:8080}
     * @param tls how they are encrypted; null: they are not
     */
    record Listener(String name, String address, @Nullable Encryption tls) {
        /** One that speaks in the clear. */
        public Listener(String name, String address) {
            this(name, address, null);
        }
    }

    /**
     * TLS on a port.
     *
     * @param engine who does the cryptography
     * @param certificatesUntil when the first of its certificates expires
     */
    record Encryption(String engine, Instant certificatesUntil) {}

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
