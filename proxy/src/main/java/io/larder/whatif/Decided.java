package io.larder.whatif;

import static java.util.Map.entry;

import io.larder.policy.Freshness;
import io.larder.policy.Reason;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which key of the configuration stands behind a reason or a lifetime. */
final class Decided {
    /** The keys of a route's {@code cache} that some reasons come from. */
    static final Map<Reason, String> ROUTE_KEYS = Map.ofEntries(
            entry(Reason.BYPASS_COOKIE, "bypass.cookies"),
            entry(Reason.BYPASS_HEADER, "bypass.headers"),
            entry(Reason.CLIENT_NO_STORE, "client-directives"),
            entry(Reason.CLIENT_NO_CACHE, "client-directives"),
            entry(Reason.CLIENT_MAX_AGE, "client-directives"),
            entry(Reason.CLIENT_MIN_FRESH, "client-directives"),
            entry(Reason.CLIENT_MAX_STALE, "client-directives"),
            entry(Reason.ONLY_IF_CACHED, "client-directives"),
            entry(Reason.SET_COOKIE, "set-cookie"),
            entry(Reason.GUARD_COOKIE, "guard"),
            entry(Reason.GUARD_CREDENTIALS, "guard"),
            entry(Reason.GUARD_FORM, "guard"),
            entry(Reason.GUARD_OPAQUE, "guard"),
            entry(Reason.GUARD_PART, "guard"),
            entry(Reason.GUARD_SHADOW, "guard"),
            entry(Reason.MIN_USES, "min-uses"),
            entry(Reason.STALE_WHILE_REVALIDATE, "stale-while-revalidate"));

    /** Keys of the whole file that others come from. */
    static final Map<Reason, String> KEYS =
            Map.of(Reason.TOO_LARGE, "cache.max-object", Reason.TOO_OLD, "cache.max-lifetime");

    static final Map<Freshness.Origin, String> LIFETIMES = Map.of(
            Freshness.Origin.ROUTE_TTL, "ttl",
            Freshness.Origin.ROUTE_DEFAULT, "default-ttl",
            Freshness.Origin.ROUTE_NEGATIVE, "negative-ttl",
            Freshness.Origin.HEURISTIC, "heuristic");

    private final Setup.Signposts signposts;
    private final Taken taken;

    Decided(Setup.Signposts signposts, Taken taken) {
        this.signposts = signposts;
        this.taken = taken;
    }

    /** Where what {@code reason} rests on is written; null where nobody wrote it. */
    @Nullable
    String place(Reason reason) {
        String key = ROUTE_KEYS.get(reason);
        String global = KEYS.get(reason);
        return key != null ? place(key) : global != null ? signposts.key(global) : null;
    }

    /** Where a key of the route's {@code cache} is written; null where nobody wrote it. */
    @Nullable
    String place(String key) {
        return signposts.cacheKey(taken.site(), taken.route(), key);
    }

    /** What a lifetime comes from, in words. */
    String origin(Freshness freshness) {
        String key = LIFETIMES.get(freshness.origin());
        String said = freshness.origin().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (key == null) {
            return freshness.origin() == Freshness.Origin.NONE ? "nothing says how long" : "from " + said;
        }
        String where = place(key);
        return "from the route's " + key + (where == null ? "" : " (" + where + ")");
    }
}
