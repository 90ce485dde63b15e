package io.larder.policy;

/**
 * Why the cache did what it did: one code for the {@code Cache-Status} detail, the access log and the metrics alike, with
 * the section of the specification that says so.
 */
public enum Reason {
    // the answer came from the store
    FRESH("fresh", "RFC 9111 4.2"),
    REVALIDATED("revalidated", "RFC 9111 4.3.4"),
    STALE_WHILE_REVALIDATE("stale-while-revalidate", "RFC 5861 3"),
    STALE_IF_ERROR("stale-if-error", "RFC 5861 4"),
    STALE_IF_UNREACHABLE("stale-if-unreachable", "RFC 9111 4.2.4"),
    CLIENT_MAX_STALE("client-max-stale", "RFC 9111 5.2.1.2"),
    SOFT_PURGED("soft-purged", "a soft purge made it stale"),

    // the store was asked, and the origin had to be
    URI_MISS("uri-miss", "RFC 9111 4"),
    VARY_MISS("vary-miss", "RFC 9111 4.1"),
    PARTIAL_MISS("partial-miss", "RFC 9111 3.3"),
    STALE("stale", "RFC 9111 4.2"),
    IN_DOUBT("in-doubt", "a purge may have been missed"),
    NO_CACHE("no-cache", "RFC 9111 5.2.2.4"),
    TOO_OLD("max-lifetime", "cache.max-lifetime"),
    CLIENT_NO_CACHE("client-no-cache", "RFC 9111 5.2.1.4"),
    CLIENT_MAX_AGE("client-max-age", "RFC 9111 5.2.1.1"),
    CLIENT_MIN_FRESH("client-min-fresh", "RFC 9111 5.2.1.3"),
    ONLY_IF_CACHED("only-if-cached", "RFC 9111 5.2.1.7"),
    HIT_FOR_MISS("hit-for-miss", "an earlier response could not be stored"),

    // the store was not asked
    ROUTE_OFF("route-off", "the route does not cache"),
    METHOD("method", "RFC 9111 3"),
    UPGRADE("upgrade", "RFC 9110 7.8"),
    REQUEST_CONTENT("request-content", "RFC 9110 9.3.1"),
    RANGE("range", "RFC 9110 14.2"),
    ORIGIN_CONDITION("origin-condition", "RFC 9111 4.3.2"),
    BYPASS_COOKIE("bypass-cookie", "cache.bypass.cookies"),
    BYPASS_HEADER("bypass-header", "cache.bypass.headers"),
    FORM_COOKIE("form-cookie", "fragments.csrf"),
    CLIENT_NO_STORE("client-no-store", "RFC 9111 5.2.1.5"),
    GUARD_SHADOW("guard-shadow", "cache.guard"),
    READ_YOUR_WRITES("read-your-writes", "read-your-writes"),
    UNKEYED("unkeyed", "the origin may see another URL than the key tells"),

    // the response was stored
    STORED("stored", "RFC 9111 3"),

    // the response was not stored
    HEAD("head", "RFC 9111 4.3.5"),
    PARTIAL("partial", "RFC 9111 3.3"),
    NOT_MODIFIED("not-modified", "RFC 9111 4.3.4"),
    NOT_FINAL("not-final", "RFC 9111 3"),
    NOT_UNDERSTOOD("not-understood", "RFC 9111 5.2.2.3"),
    NO_STORE("no-store", "RFC 9111 5.2.2.5"),
    PRIVATE("private", "RFC 9111 5.2.2.7"),
    AUTHORIZATION("authorization", "RFC 9111 3.5"),
    SET_COOKIE("set-cookie", "cache.set-cookie"),
    SESSION_COOKIE("session-cookie", "the request carried a session cookie"),
    GUARD_COOKIE("guard-cookie", "cache.guard: the body holds the value of a cookie that was sent"),
    GUARD_CREDENTIALS("guard-credentials", "cache.guard: the body holds the credentials that were sent"),
    GUARD_FORM("guard-form", "cache.guard: the body holds a token against request forgery"),
    GUARD_OPAQUE("guard-opaque", "cache.guard: the body of somebody who is known could not be looked into"),
    GUARD_PART("guard-part", "cache.guard: a part of a page cannot be looked through"),
    MIN_USES("min-uses", "cache.min-uses"),
    VARY_STAR("vary-star", "RFC 9111 4.1"),
    NO_FRESHNESS("no-freshness", "RFC 9111 4.2.2"),
    TOO_LARGE("too-large", "cache.max-object"),
    TOO_BUSY("too-busy", "the bodies on their way take all the memory set aside for them"),
    TOO_MANY_TAGS("too-many-tags", "it could not be purged by all of them"),
    INCOMPLETE("incomplete", "RFC 9112 8"),
    PURGED("purged", "a purge came while it was fetched");

    private final String code;
    private final String source;

    Reason(String code, String source) {
        this.code = code;
        this.source = source;
    }

    /** A short name in lower case with hyphens, the same everywhere. */
    public String code() {
        return code;
    }

    /** The section, the configuration key or the circumstance that it rests on. */
    public String source() {
        return source;
    }
}
