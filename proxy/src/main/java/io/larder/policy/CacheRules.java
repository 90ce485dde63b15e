package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route says about caching, in the policy's own words.
 *
 * @param lifetimes how long responses are fresh
 * @param grace how long they may be served past that
 * @param key what tells responses apart
 * @param vary how request fields that a {@code Vary} names are compared
 * @param cookies which cookies matter
 * @param bypass which requests are neither served from nor stored
 * @param storing what is worth storing, and in which form
 * @param sharing with whom responses may be shared
 * @param ranges what becomes of parts of a representation
 * @param tagging by which names what is stored can be purged
 * @param clientDirectives whether the {@code Cache-Control} of requests counts (RFC 9111 §5.2.1)
 */
public record CacheRules(
        Lifetimes lifetimes,
        Grace grace,
        KeyRules key,
        Negotiation vary,
        CookieRules cookies,
        Bypass bypass,
        Storing storing,
        Sharing sharing,
        Ranges ranges,
        Tagging tagging,
        boolean clientDirectives) {

    /** What holds where a route says nothing: RFC 9111, and the safe side of what it leaves open. */
    public static final CacheRules DEFAULTS = new CacheRules(
            Lifetimes.FROM_RESPONSE,
            Grace.DEFAULTS,
            KeyRules.PLAIN,
            Negotiation.DEFAULTS,
            CookieRules.DEFAULTS,
            Bypass.NONE,
            Storing.DEFAULTS,
            Sharing.DEFAULTS,
            Ranges.DEFAULTS,
            Tagging.NONE,
            false);

    /**
     * The same for a route whose forms are kept for who is nobody in particular: whoever has a cookie that the origin may look at,
     * but for the one that {@link FormMask} is about, passes by the store.
     */
    public CacheRules forForms() {
        return withBypass(new Bypass(bypass.cookies, bypass.headers, List.of(FormMask.COOKIE)));
    }

    /** Why a request with these cookies is neither served from the store nor stored; null where it may be. */
    @Nullable
    Reason bypassOf(Headers request) {
        if (Cookies.named(request, bypass.cookies) != null) {
            return Reason.BYPASS_COOKIE;
        }
        List<String> others = bypass.others;
        boolean other = others != null
                && Cookies.any(
                        request,
                        name -> !others.contains(name) && !key.cookies().contains(name));
        return other ? Reason.FORM_COOKIE : null;
    }

    /** Whether a request with these fields is neither served from the store nor stored, whatever its method. */
    public boolean bypasses(Headers request) {
        return bypass.headers.stream().anyMatch(request::contains) || bypassOf(request) != null;
    }

    /**
     * How long responses are fresh.
     *
     * @param fixed replaces the freshness that a response states, counted from receipt; what forbids storing or
     *     demands validation still holds; null: RFC 9111 §4.2.1 alone
     * @param fallback for responses that state none; null: they are not reused
     * @param heuristic whether RFC 9111 §4.2.2 freshness is derived from {@code Last-Modified}
     * @param negative by status, for errors that state no freshness
     * @param targeted fields that, where a response has a valid one, stand in for its {@code Cache-Control} and
     *     {@code Expires}; the first one counts (RFC 9213 §2.2)
     * @param refreshAhead in which last part of their lifetime, 0 to 1, responses that are asked for are fetched anew; 0: never
     * @param max no response is served, fresh or stale, longer than this after it was received or last validated
     */
    public record Lifetimes(
            @Nullable Duration fixed,
            @Nullable Duration fallback,
            boolean heuristic,
            Map<Integer, Duration> negative,
            List<FieldName> targeted,
            double refreshAhead,
            Duration max) {
        public static final Lifetimes FROM_RESPONSE = new Lifetimes(
                null, null, false, Map.of(), List.of(FieldName.of("CDN-Cache-Control")), 0, Duration.ofDays(7));

        public Lifetimes {
            negative = Map.copyOf(negative);
            targeted = List.copyOf(targeted);
        }

        /** The same where every response that states a freshness, or none, is fresh for {@code ttl}. */
        public Lifetimes fixedAt(Duration ttl) {
            return new Lifetimes(ttl, fallback, heuristic, negative, targeted, refreshAhead, max);
        }
    }

    /**
     * How long past its freshness a response may be served, where it does not forbid that (RFC 9111 §4.2.4).
     *
     * @param ifUnreachable when the origin cannot be reached
     * @param whileRevalidate while it is fetched anew (RFC 5861 §3), whatever the response says; null: what it says
     * @param ifError when the origin answers with an error (RFC 5861 §4), whatever the response says; null: what it says
     * @param fallback stale-while-revalidate where neither the route nor the response says anything
     */
    public record Grace(
            Duration ifUnreachable,
            @Nullable Duration whileRevalidate,
            @Nullable Duration ifError,
            Duration fallback) {
        public static final Grace DEFAULTS = new Grace(Duration.ofHours(1), null, null, Duration.ZERO);
    }

    /**
     * How request fields that a {@code Vary} names are compared (RFC 9111 §4.1).
     *
     * @param normalise whether values that negotiate alike are one: order and spelling of languages, encodings that the
     *     origin does not offer
     * @param selectLanguage whether a stored language that the client prefers to all others answers although the origin
     *     was never asked with the same {@code Accept-Language}
     */
    public record Negotiation(boolean normalise, boolean selectLanguage) {
        public static final Negotiation DEFAULTS = new Negotiation(true, false);
    }

    /** What becomes of a response that carries {@code Set-Cookie}. */
    public enum SetCookie {
        /** It is not stored. */
        REFUSE,
        /** It is stored without that field. */
        STRIP,
        /** It is stored and replayed whole, as RFC 9111 allows. */
        STORE
    }

    /**
     * Which cookies matter.
     *
     * @param ignore request cookies that are dropped before key and origin
     * @param sessions request cookies that tell a visitor: the response is stored only if its own freshness is explicit
     * @param setCookie what becomes of responses that set cookies
     */
    public record CookieRules(List<Glob> ignore, List<Glob> sessions, SetCookie setCookie) {
        public static final CookieRules DEFAULTS = new CookieRules(List.of(), SessionCookies.KNOWN, SetCookie.REFUSE);

        public CookieRules {
            ignore = List.copyOf(ignore);
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * Which requests are neither served from the store nor stored.
     *
     * @param cookies by a cookie they carry
     * @param headers by a field they carry
     * @param others by any cookie that is not among these, nor in the key; null: no other cookie matters
     */
    public record Bypass(
            List<Glob> cookies,
            List<FieldName> headers,
            @Nullable List<String> others) {
        public static final Bypass NONE = new Bypass(List.of(), List.of(), null);

        public Bypass {
            cookies = List.copyOf(cookies);
            headers = List.copyOf(headers);
        }

        /** Where nothing else counts. */
        public Bypass(List<Glob> cookies, List<FieldName> headers) {
            this(cookies, headers, null);
        }
    }

    /**
     * What is worth storing, and in which form.
     *
     * @param maxObject the largest body that is stored, in bytes
     * @param minUses how often a key must have been asked for before its response is stored, 1 or more
     * @param compress whether text that came unencoded is stored gzipped as well (RFC 9110 §8.4.1.3)
     */
    public record Storing(long maxObject, int minUses, boolean compress) {
        public static final Storing DEFAULTS = new Storing(16L * 1024 * 1024, 1, false);
    }

    /**
     * With whom responses may be shared.
     *
     * @param guard what the private-page guard does
     * @param personal how {@code private} responses are kept for the one client they are for; null: not at all
     * @param forOne whether these are the rules for what is kept under a key of one client's own
     */
    public record Sharing(Guarding guard, @Nullable Personal personal, boolean forOne) {
        public static final Sharing DEFAULTS = new Sharing(Guarding.ON, null);

        public Sharing(Guarding guard, @Nullable Personal personal) {
            this(guard, personal, false);
        }

        /** What tells the one client apart for whom these rules keep responses; null where they are for everybody. */
        @Nullable
        Personal one() {
            return forOne ? personal : null;
        }
    }

    /** What the private-page guard does. */
    public enum Guarding {
        /** A body that shows signs of being for one visitor is not stored. */
        ON,
        /** Nothing is served from the store: what would have been is compared with what the origin says, and told. */
        SHADOW,
        /** Bodies are not looked at. */
        OFF
    }

    /**
     * How {@code private} responses are kept for one client (RFC 9111 §5.2.2.7).
     *
     * @param by what tells clients apart
     * @param ttl how long such a response is fresh at most
     */
    public record Personal(Selector by, Duration ttl) {}

    /** A part of a request that tells who asks. */
    public sealed interface Selector {
        /** A cookie, by its name. */
        record OfCookie(String name) implements Selector {}

        /** A field, by its name. */
        record OfHeader(FieldName name) implements Selector {}
    }

    /**
     * What becomes of parts of a representation (RFC 9110 §14, RFC 9111 §3.3).
     *
     * @param lenient whether a 206 is stored whose {@code Content-Range} and body disagree
     * @param wholeOnMiss whether the whole representation is fetched when a part of it is asked for and nothing is stored
     */
    public record Ranges(boolean lenient, boolean wholeOnMiss) {
        public static final Ranges DEFAULTS = new Ranges(false, false);
    }

    public long maxObject() {
        return storing.maxObject;
    }

    public CacheRules withLifetimes(Lifetimes other) {
        return new CacheRules(
                other, grace, key, vary, cookies, bypass, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withGrace(Grace other) {
        return new CacheRules(
                lifetimes, other, key, vary, cookies, bypass, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withKey(KeyRules other) {
        return new CacheRules(
                lifetimes, grace, other, vary, cookies, bypass, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withVary(Negotiation other) {
        return new CacheRules(
                lifetimes, grace, key, other, cookies, bypass, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withCookies(CookieRules other) {
        return new CacheRules(
                lifetimes, grace, key, vary, other, bypass, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withBypass(Bypass other) {
        return new CacheRules(
                lifetimes, grace, key, vary, cookies, other, storing, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withStoring(Storing other) {
        return new CacheRules(
                lifetimes, grace, key, vary, cookies, bypass, other, sharing, ranges, tagging, clientDirectives);
    }

    public CacheRules withSharing(Sharing other) {
        return new CacheRules(
                lifetimes, grace, key, vary, cookies, bypass, storing, other, ranges, tagging, clientDirectives);
    }

    /** These rules for what is kept under a key of one client's own: his page may well look like his. */
    public CacheRules forOne() {
        return withSharing(new Sharing(Guarding.OFF, sharing.personal, true));
    }

    public CacheRules withRanges(Ranges other) {
        return new CacheRules(
                lifetimes, grace, key, vary, cookies, bypass, storing, sharing, other, tagging, clientDirectives);
    }

    public CacheRules withTagging(Tagging other) {
        return new CacheRules(
                lifetimes, grace, key, vary, cookies, bypass, storing, sharing, ranges, other, clientDirectives);
    }

    public CacheRules withClientDirectives(boolean other) {
        return new CacheRules(lifetimes, grace, key, vary, cookies, bypass, storing, sharing, ranges, tagging, other);
    }

    public CacheRules withMaxObject(long bytes) {
        return withStoring(new Storing(bytes, storing.minUses, storing.compress));
    }
}
