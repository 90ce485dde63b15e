package io.larder.policy;

import io.larder.http.Bytes;
import io.larder.http.CacheControl;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stored response: whole unless it is a 206, immutable, shared by everyone who is served from it.
 *
 * @param head what it says
 * @param body all of it, or of a 206 its {@link Parts}, as the origin encoded it
 * @param gzipped the same in gzip, made here, for those who accept it; null where there is none
 */
public record Stored(Head head, Bytes body, @Nullable Stored gzipped) {

    /** A stored response in the one form that the origin gave it. */
    public Stored(Head head, Bytes body) {
        this(head, body, null);
    }

    /**
     * All of a stored response but its body.
     *
     * @param status final, never 304; 206 for parts alone, under {@link CacheKey#partial}
     * @param reason the reason phrase, possibly empty
     * @param headers end-to-end fields, with a {@code Date}, without {@code Age}
     * @param surrogate the fields by which the origin speaks to gateways only; not among {@code headers}
     * @param vary the request fields it was selected by
     * @param age how old it is
     * @param freshness how long it is fresh
     * @param use what else decides over its use
     */
    public record Head(
            int status,
            String reason,
            Headers headers,
            Headers surrogate,
            VaryKey vary,
            Age age,
            Freshness freshness,
            Use use) {
        public Head {
            headers = headers.compact();
            surrogate = surrogate.compact();
        }

        /** Whether a stored response may have these {@code headers}: none that each delivery, or each hop, writes itself. */
        public static boolean mayHave(Headers headers) {
            return StoredFields.areStorable(headers);
        }

        /** All fields that are kept of what was received. */
        Headers received() {
            return surrogate.isEmpty()
                    ? headers
                    : headers.toBuilder().addAll(surrogate).build();
        }

        Head withHeaders(Headers other) {
            return as(status, reason, other);
        }

        Head withSurrogate(Headers other) {
            return new Head(status, reason, headers, other, vary, age, freshness, use);
        }

        private Head with(Freshness otherFreshness, Use otherUse) {
            return new Head(status, reason, headers, surrogate, vary, age, otherFreshness, otherUse);
        }

        /** The same, fetched for the visitor {@code by} (see {@link Visitor}). */
        public Head fetchedBy(long by) {
            Use his = use.with(Fetched.of(use.fetched.millis, by));
            return with(freshness, his);
        }

        Head as(int otherStatus, String otherReason, Headers otherHeaders) {
            return new Head(otherStatus, otherReason, otherHeaders, surrogate, vary, age, freshness, use);
        }
    }

    /**
     * What else decides over the use of a stored response.
     *
     * @param stale what it says about its use once it is not fresh
     * @param keep how long it is worth keeping after it was received, in milliseconds
     * @param tags by which it can be purged
     * @param standing what purges have made of it
     * @param fetched how it came here
     */
    public record Use(StaleTerms stale, long keep, Tags tags, Standing standing, Fetched fetched) {
        /** As it is stored first. */
        public Use(StaleTerms stale, long keep, Tags tags) {
            this(stale, keep, tags, Standing.SOUND, Fetched.of(0, 0));
        }

        Use fetchedWithin(Instant requestedAt, Instant receivedAt) {
            long millis = Math.max(0, requestedAt.until(receivedAt, ChronoUnit.MILLIS));
            return with(Fetched.of(millis, fetched.by));
        }

        Use with(Fetched other) {
            return new Use(stale, keep, tags, standing, other);
        }

        Use with(Standing other) {
            return new Use(stale, keep, tags, other, fetched);
        }
    }

    /**
     * How a stored response came here, when it was fetched or last validated.
     *
     * @param millis from the request to the head of the response, in milliseconds
     * @param by the visitor it was fetched for (see {@link Visitor}); 0 where nobody asks
     */
    public record Fetched(long millis, long by) {
        private static final Fetched[] QUICK = quick();

        /** Quick answers are what a cache mostly holds: there is one value for all that took the same time. */
        public static Fetched of(long millis, long by) {
            return by == 0 && millis >= 0 && millis < QUICK.length ? QUICK[(int) millis] : new Fetched(millis, by);
        }

        private static Fetched[] quick() {
            Fetched[] all = new Fetched[256];
            for (int millis = 0; millis < all.length; millis++) {
                all[millis] = new Fetched(millis, 0);
            }
            return all;
        }
    }

    /** Objects that stand between the head, the body and the arrays they hold, in bytes. */
    private static final int BOOKKEEPING = 200;

    public int status() {
        return head.status;
    }

    public String reason() {
        return head.reason;
    }

    public Headers headers() {
        return head.headers;
    }

    public VaryKey vary() {
        return head.vary;
    }

    /** {@code current_age} in milliseconds (RFC 9111 §4.2.3). */
    public long age(Instant now) {
        return head.age.millis(now);
    }

    /** What its {@code Age} field says now, in seconds. */
    public long ageSeconds(Instant now) {
        return head.age.seconds(now);
    }

    public Tags tags() {
        return head.use.tags;
    }

    /** What purges have made of it. */
    public Standing standing() {
        return head.use.standing;
    }

    /** Whether a soft purge makes it stale before its time. */
    public boolean isSoftened() {
        return standing().kind() == Standing.Kind.SOFTENED;
    }

    /** This response as a soft purge leaves it. */
    public Stored softened() {
        return softened(0);
    }

    /** This response as a soft purge leaves it that makes it stale at {@code from}, in milliseconds since 1970. */
    public Stored softened(long from) {
        Standing after = standing().and(from);
        return after.equals(standing()) ? this : under(head.with(head.freshness, head.use.with(after)));
    }

    /** This response once a purge of it may have been missed: of no use before the origin says that it holds. */
    public Stored doubted() {
        Stored outdated = outdated();
        return outdated.under(outdated.head.with(outdated.head.freshness, outdated.head.use.with(Standing.IN_DOUBT)));
    }

    /** The freshness that is left, in milliseconds; zero or negative once it is stale. */
    public long left(Instant now) {
        long left = leftByAge(now);
        Standing standing = head.use.standing;
        return standing.kind() == Standing.Kind.SOUND ? left : standing.limit(left, now.toEpochMilli());
    }

    /** The freshness that is left by what the response and the route say, whatever was purged since; in milliseconds. */
    long leftByAge(Instant now) {
        return head.freshness.lifetime() - age(now);
    }

    /** The freshness that is left as {@code Cache-Status} says it, in whole seconds, rounded down (RFC 9211 §2.3). */
    public long ttl(Instant now) {
        return Math.floorDiv(left(now), 1000L);
    }

    /** Whether its lifetime exceeds its age (RFC 9111 §4.2). */
    public boolean isFresh(Instant now) {
        return left(now) > 0;
    }

    /** Whether the origin can be asked if it still holds (RFC 9110 §8.8). */
    public boolean hasValidator() {
        return headers().contains(Fields.ETAG) || headers().contains(Fields.LAST_MODIFIED);
    }

    /**
     * Whether this is what the origin said later than {@code other}, though {@code other} came after it (RFC 9111 §4).
     * Dates are compared only where our own clock leaves it open: where {@code other} was asked for after this had come,
     * it is later, whatever the clocks of the origin's servers say.
     */
    boolean isLaterThan(Stored other) {
        Age ours = head.age;
        Age theirs = other.head.age;
        if (theirs.requestedAt() >= ours.receivedAt()) {
            return false;
        }
        int order = date().compareTo(other.date());
        return order == 0 ? ours.receivedAt() > theirs.receivedAt() : order > 0;
    }

    /** Whether the origin sent it, or said that it holds, after {@code other} had come. */
    public boolean isReceivedAfter(Stored other) {
        return head.age.receivedAt() > other.head.age.receivedAt();
    }

    private Instant date() {
        return Freshness.date(head.headers, Instant.ofEpochMilli(head.age.receivedAt()));
    }

    /** This once it is known to be outdated, or may be: of no use before the origin says that it holds after all. */
    Stored outdated() {
        StaleTerms never = new StaleTerms(false, true, CacheControl.ABSENT, CacheControl.ABSENT);
        Freshness none = new Freshness(0, head.freshness.origin());
        Use use = new Use(never, head.use.keep, head.use.tags, head.use.standing, head.use.fetched);
        return under(head.with(none, use));
    }

    /** The same content under another head. */
    Stored under(Head other) {
        return Encodings.with(new Stored(other, body), gzipped == null ? null : gzipped.body);
    }

    /** Heap bytes that it keeps alive. */
    public long weight() {
        return BOOKKEEPING
                + (gzipped == null ? 0 : gzipped.weight())
                + headers().weight()
                + head.surrogate.weight()
                + vary().weight()
                + tags().weight()
                + body.length()
                + 56L * body.segments().size();
    }
}
