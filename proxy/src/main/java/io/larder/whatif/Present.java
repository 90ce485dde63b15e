package io.larder.whatif;

import io.larder.balance.Endpoint;
import io.larder.balance.Load;
import io.larder.policy.CacheKey;
import io.larder.policy.Variants;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How things are at the moment: what is stored, and how the servers do. */
public interface Present {
    /** What the tiers hold under {@code key}, the nearest first; empty where no gateway was asked. */
    List<Tier> tiers(CacheKey key);

    /** The key of a stored response that said it answers {@code key}, too ({@code No-Vary-Search}); null for none. */
    @Nullable
    CacheKey alike(CacheKey key);

    /** Whether the last response under {@code key} could not be shared, so that nobody waits for the next. */
    boolean isUnshareable(CacheKey key);

    /** How often what is stored under {@code key} had to be fetched lately; counted on routes with {@code min-uses} alone. */
    int uses(CacheKey key);

    /** The servers of an upstream. */
    Group group(String upstream);

    /**
     * What one tier holds under a key.
     *
     * @param name {@code local} or {@code shared}
     */
    record Tier(String name, Variants variants) {}

    /**
     * The servers of an upstream.
     *
     * @param balance how one of them is picked, as the configuration says it
     * @param live false where only the configuration is known, not how they do
     */
    record Group(String balance, boolean live, List<Candidate> servers) {
        public Group {
            servers = List.copyOf(servers);
        }
    }

    /**
     * A server.
     *
     * @param inFlight requests that it is busy with
     * @param usable false while it is left alone
     */
    record Candidate(Endpoint endpoint, int inFlight, boolean usable) implements Load {
        @Override
        public boolean isUsable(long nanos) {
            return usable;
        }

        @Override
        public boolean mayBeTried(long nanos) {
            return true;
        }
    }
}
