package io.larder.app;

import io.larder.admin.Explaining;
import io.larder.balance.Endpoint;
import io.larder.config.Balancing;
import io.larder.config.LarderConfig;
import io.larder.config.Members;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.PurgeAccess;
import io.larder.gateway.SiteRules;
import io.larder.policy.CacheKey;
import io.larder.policy.Variants;
import io.larder.route.HttpsRule;
import io.larder.route.RouteTable;
import io.larder.route.Stickiness;
import io.larder.store.Store;
import io.larder.upstream.ServerStats;
import io.larder.upstream.Standing;
import io.larder.whatif.Described;
import io.larder.whatif.Explain;
import io.larder.whatif.Explanation;
import io.larder.whatif.Present;
import io.larder.whatif.Setup;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Explains requests: by a configuration alone, or by what a running gateway has. */
public final class Explainer implements Explaining {
    private final LarderConfig config;
    private final Store store;
    private final Backends backends;
    private final InstantSource clock;

    Explainer(LarderConfig config, Store store, Backends backends, InstantSource clock) {
        this.config = config;
        this.store = store;
        this.backends = backends;
        this.clock = clock;
    }

    /** What a gateway that has this configuration, and nothing stored yet, would do at {@code now}. */
    public static Explanation offline(LarderConfig config, Described described, Instant now) {
        // whom a process binds by a key that it has made up, nobody else can tell
        Setup setup = setup(config, upstream -> StickyTranslation.described(upstream));
        return Explain.of(setup, described, new Configured(config), false, now);
    }

    @Override
    public Explanation explain(Described described) {
        return Explain.of(
                setup(config, upstream -> backends.origin(upstream.name()).sticky()),
                described,
                new Running(),
                true,
                clock.instant());
    }

    /** Made for each explanation: a reload need not wait for what hardly anybody asks. */
    private static Setup setup(LarderConfig config, Function<UpstreamConfig, @Nullable Stickiness> sticky) {
        Map<String, Stickiness> binding = new HashMap<>();
        for (UpstreamConfig upstream : config.upstreams().values()) {
            Stickiness bond = sticky.apply(upstream);
            if (bond != null) {
                binding.put(upstream.name(), bond);
            }
        }
        List<SiteRules> sites = new SiteTranslation(config).sites();
        Map<String, Set<String>> purging = new HashMap<>();
        Map<String, HttpsRule> https = new HashMap<>();
        for (SiteRules site : sites) {
            https.put(site.site().name(), site.https());
            PurgeAccess access = site.purge();
            if (access != null) {
                purging.put(site.site().name(), access.methods());
            }
        }
        return new Setup(
                new RouteTable(sites.stream().map(SiteRules::site).toList()),
                List.copyOf(config.listeners().keySet()),
                SiteTranslation.trusted(config),
                purging,
                https,
                binding,
                new Signs(config));
    }

    private static List<Members.Server> listed(UpstreamConfig upstream) {
        return upstream.members() instanceof Members.Listed(List<Members.Server> servers) ? servers : List.of();
    }

    private static Endpoint endpoint(Members.Server server) {
        return new Endpoint(server.address().toString(), server.weight(), server.backup() ? 1 : 0);
    }

    private static String word(Balancing.Balance balance) {
        return balance.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Nothing but what is written. */
    private record Configured(LarderConfig config) implements Present {
        @Override
        public List<Tier> tiers(CacheKey key) {
            return List.of();
        }

        @Override
        public @Nullable CacheKey alike(CacheKey key) {
            return null;
        }

        @Override
        public boolean isUnshareable(CacheKey key) {
            return false;
        }

        @Override
        public int uses(CacheKey key) {
            return 0;
        }

        @Override
        public Group group(String upstream) {
            UpstreamConfig written = config.upstream(upstream);
            List<Candidate> servers = listed(written).stream()
                    .map(server -> new Candidate(endpoint(server), 0, true))
                    .toList();
            return new Group(word(written.balancing().balance()), false, servers);
        }
    }

    /** What the gateway has, and how its servers do. */
    private final class Running implements Present {
        @Override
        public List<Tier> tiers(CacheKey key) {
            Tier local = new Tier("local", store.peek(key));
            CompletionStage<Variants> far = store.peekFar(key);
            // the caller is on no loop, and the deadline of Redis is short
            return far == null
                    ? List.of(local)
                    : List.of(
                            local, new Tier("shared", far.toCompletableFuture().join()));
        }

        @Override
        public @Nullable CacheKey alike(CacheKey key) {
            return store.alike(key);
        }

        @Override
        public boolean isUnshareable(CacheKey key) {
            return store.isUnshareable(key);
        }

        @Override
        public int uses(CacheKey key) {
            return store.uses(key);
        }

        @Override
        public Group group(String upstream) {
            UpstreamConfig written = config.upstream(upstream);
            List<ServerStats> stats = backends.stats(System.nanoTime()).getOrDefault(upstream, List.of());
            List<Candidate> servers = stats.stream()
                    .map(now -> new Candidate(now.endpoint(), now.inFlight(), now.standing() == Standing.UP))
                    .toList();
            return new Group(word(written.balancing().balance()), true, servers);
        }
    }
}
