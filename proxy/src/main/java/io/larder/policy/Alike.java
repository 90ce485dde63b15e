package io.larder.policy;

import io.larder.http.Request;
import java.time.Instant;
import java.util.Optional;

/**
 * A fresh stored response that answers a request although it came by another query, because it says that the difference
 * does not count ({@link NoVarySearch}).
 *
 * @param key under which it is stored
 * @param use what it is good for
 */
public record Alike(CacheKey key, Reuse.Fresh use) {
    /**
     * Decides for {@code request}, whose ignored cookies are gone, where nothing under its own key will do.
     *
     * @param asked the key of {@code request}
     * @param other the key of what once said that it answers {@code asked}, too
     * @param stored what the store holds under {@code other} now; it has to say so still
     */
    public static Optional<Alike> of(
            CacheRules rules, Request request, CacheKey asked, CacheKey other, Variants stored, Instant now) {
        return Reuse.of(rules, request, stored, now) instanceof Reuse.Fresh fresh
                        && NoVarySearch.of(fresh.stored().headers())
                                .filter(rule -> rule.joins(other.query(), asked.query()))
                                .isPresent()
                ? Optional.of(new Alike(other, fresh))
                : Optional.empty();
    }
}
