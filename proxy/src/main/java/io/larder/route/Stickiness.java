package io.larder.route;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream's clients are bound to its servers.
 *
 * @param cookie its name
 * @param ttl how long a client stays bound that does not come back
 * @param tokens by which the servers of the moment are called; asked on any thread
 */
public record Stickiness(String cookie, Duration ttl, Supplier<StickyTokens> tokens) {
    public Stickiness {
        if (!ttl.isPositive()) {
            throw new IllegalArgumentException("a client is bound for " + ttl);
        }
    }

    /** To which server a client is bound that brings {@code value}; empty where that is none of them, or no longer. */
    public Optional<StickyTokens.Bond> bond(@Nullable String value, Instant now) {
        return value == null ? Optional.empty() : tokens.get().read(value, now);
    }

    /** Whether {@code bond} need not be made anew for a client that {@code server} has answered. */
    public boolean isGood(StickyTokens.Bond bond, String server, Instant now) {
        return bond.server().equals(server)
                && !bond.until().minus(ttl.dividedBy(2)).isBefore(now);
    }

    /** What {@code Set-Cookie} says to a client that {@code server} has answered. */
    public String set(String server, Instant now, boolean secure) {
        long seconds = ttl.plusMillis(999).toSeconds();
        String token = tokens.get().write(server, now.plusSeconds(seconds));
        return OwnCookies.set(cookie, token, seconds, secure);
    }
}
