package io.larder.route;

import io.larder.http.Request;
import io.larder.policy.Lookup;
import io.larder.policy.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which upstreams answer the requests of a route.
 *
 * @param shares of its clients, in the order in which they are written: moving a border between two of them moves those clients
 *     alone that are in between
 * @param writes who is asked to change something; null: whoever the client belongs to
 */
public record Destination(List<Share> shares, @Nullable Writes writes) {
    /** What all shares have together. */
    public static final int WHOLE = 10_000;

    /** Registered methods that are safe (RFC 9110 §9.2.1), besides those that {@link Request#isSafe} knows. */
    private static final Set<String> ALSO_SAFE = Set.of("QUERY", "PROPFIND", "REPORT", "SEARCH");

    public Destination {
        shares = List.copyOf(shares);
        int sum = shares.stream().mapToInt(Share::parts).sum();
        if (sum != WHOLE) {
            throw new IllegalArgumentException("the shares of " + shares + " are not the whole");
        }
        long names = shares.stream().map(Share::upstream).distinct().count();
        if (names != shares.size()) {
            throw new IllegalArgumentException("an upstream has two shares among " + shares);
        }
    }

    /** One upstream, for everything. */
    public static Destination of(String upstream) {
        return new Destination(List.of(new Share(upstream, WHOLE)), null);
    }

    /**
     * An upstream and how many of {@link #WHOLE} clients it has.
     *
     * @param parts from 0
     */
    public record Share(String upstream, int parts) {
        public Share {
            if (parts < 0 || parts > WHOLE) {
                throw new IllegalArgumentException("a share of " + parts + " of " + WHOLE);
            }
        }
    }

    /**
     * Who is asked to change something.
     *
     * @param shownFor how long a client that has changed something reads there, too; null: not at all
     */
    public record Writes(String upstream, @Nullable Duration shownFor) {
        public Writes {
            if (shownFor != null && !shownFor.isPositive()) {
                throw new IllegalArgumentException("what was written is shown for " + shownFor);
            }
        }
    }

    /** Why a request goes to its upstream. */
    public enum Why {
        /** Its client is among those who are that one's. */
        SHARE,
        /** It may change something. */
        WRITE,
        /** Its client has changed something a moment ago. */
        WROTE
    }

    /** The upstream that a request goes to. */
    public record Way(String upstream, Why why) {
        /**
         * For what reason the answer is neither looked up nor stored; null where this way is none.
         *
         * @param caches whether the route does, otherwise
         */
        public @Nullable Reason pastCache(boolean caches) {
            return switch (why) {
                case SHARE -> null;
                case WRITE -> caches ? Reason.METHOD : Reason.ROUTE_OFF;
                case WROTE -> Reason.READ_YOUR_WRITES;
            };
        }
    }

    /** All ways that requests go. */
    public List<Way> ways() {
        List<Way> all = new ArrayList<>();
        shares.forEach(share -> all.add(new Way(share.upstream, Why.SHARE)));
        if (writes != null) {
            all.add(new Way(writes.upstream, Why.WRITE));
        }
        if (writes != null && writes.shownFor != null) {
            all.add(new Way(writes.upstream, Why.WROTE));
        }
        return List.copyOf(all);
    }

    /**
     * Where {@code request} goes.
     *
     * @param client his address
     * @param wrote what he brings as {@link WroteCookie}; null for nothing
     */
    public Way way(Request request, String client, @Nullable String wrote, Instant now) {
        Writes to = writes;
        if (to != null && mayChange(request)) {
            return new Way(to.upstream, Why.WRITE);
        }
        if (to != null && to.shownFor != null && WroteCookie.holds(wrote, to.shownFor, now)) {
            return new Way(to.upstream, Why.WROTE);
        }
        return new Way(upstreamOf(client), Why.SHARE);
    }

    /** Frameworks make another method of one that is overridden. */
    private static boolean mayChange(Request request) {
        boolean safe = request.isSafe() || ALSO_SAFE.contains(request.method());
        return !safe || Lookup.METHOD_OVERRIDES.includeAnyOf(request.headers());
    }

    private String upstreamOf(String client) {
        if (shares.size() == 1) {
            return shares.getFirst().upstream;
        }
        int left = ClientPlace.of(client, WHOLE);
        for (Share share : shares) {
            left -= share.parts;
            if (left < 0) {
                return share.upstream;
            }
        }
        throw new IllegalStateException("the shares are the whole");
    }

    /** What tells the stored responses of {@code upstream} from those of its siblings: nothing for the first, which is there longest. */
    String partition(String upstream) {
        return shares.getFirst().upstream.equals(upstream) ? "" : ">" + upstream;
    }
}
