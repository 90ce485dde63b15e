package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Glob;
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
 * @param cookies which cookies matter
 * @param bypass which requests are neither served from nor stored
 * @param maxObject the largest body that is stored, in bytes
 * @param clientDirectives whether the {@code Cache-Control} of requests counts (RFC 9111 §5.2.1)
 */
public record CacheRules(
        Lifetimes lifetimes,
        Grace grace,
        KeyRules key,
        CookieRules cookies,
        Bypass bypass,
        long maxObject,
        boolean clientDirectives) {

    /** What holds where a route says nothing: RFC 9111, and the safe side of what it leaves open. */
    public static final CacheRules DEFAULTS = new CacheRules(
            Lifetimes.FROM_RESPONSE,
            Grace.DEFAULTS,
            KeyRules.PLAIN,
            CookieRules.DEFAULTS,
            Bypass.NONE,
            16L * 1024 * 1024,
            false);

    /**
     * How long responses are fresh.
     *
     * @param fixed replaces the freshness that a response states, counted from receipt; what forbids storing or
     *     demands validation still holds; null: RFC 9111 §4.2.1 alone
     * @param fallback for responses that state none; null: they are not reused
     * @param heuristic whether RFC 9111 §4.2.2 freshness is derived from {@code Last-Modified}
     * @param negative by status, for errors that state no freshness
     * @param max no response is served, fresh or stale, longer than this after it was received or last validated
     */
    public record Lifetimes(
            @Nullable Duration fixed,
            @Nullable Duration fallback,
            boolean heuristic,
            Map<Integer, Duration> negative,
            Duration max) {
        public static final Lifetimes FROM_RESPONSE = new Lifetimes(null, null, false, Map.of(), Duration.ofDays(7));

        public Lifetimes {
            negative = Map.copyOf(negative);
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
     */
    public record Bypass(List<Glob> cookies, List<FieldName> headers) {
        public static final Bypass NONE = new Bypass(List.of(), List.of());

        public Bypass {
            cookies = List.copyOf(cookies);
            headers = List.copyOf(headers);
        }
    }

    public CacheRules withLifetimes(Lifetimes other) {
        return new CacheRules(other, grace, key, cookies, bypass, maxObject, clientDirectives);
    }

    public CacheRules withGrace(Grace other) {
        return new CacheRules(lifetimes, other, key, cookies, bypass, maxObject, clientDirectives);
    }

    public CacheRules withKey(KeyRules other) {
        return new CacheRules(lifetimes, grace, other, cookies, bypass, maxObject, clientDirectives);
    }

    public CacheRules withCookies(CookieRules other) {
        return new CacheRules(lifetimes, grace, key, other, bypass, maxObject, clientDirectives);
    }

    public CacheRules withBypass(Bypass other) {
        return new CacheRules(lifetimes, grace, key, cookies, other, maxObject, clientDirectives);
    }

    public CacheRules withMaxObject(long bytes) {
        return new CacheRules(lifetimes, grace, key, cookies, bypass, bytes, clientDirectives);
    }

    public CacheRules withClientDirectives(boolean respected) {
        return new CacheRules(lifetimes, grace, key, cookies, bypass, maxObject, respected);
    }
}
