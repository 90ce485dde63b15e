package io.larder.coherence;

import io.larder.http.Glob;

/**
 * What is no longer to be served. Schemes are not told apart: what is purged under one is purged under both.
 *
 * <p>An {@code authority} is a host in lower case and its port where that is not implied; a {@code pathAndQuery} is as it
 * stands in a cache key.
 */
public sealed interface Purge {
    /** What becomes of the responses that are covered. */
    enum Mode {
        /** They are kept, and served while a new one is fetched, as if they had just become stale. */
        SOFT,
        /** They are kept, and the origin is asked before they are served again: a purge of them may have been lost. */
        DOUBT,
        /** They are never served again. */
        HARD
    }

    /** One resource, in all its variants. */
    record Url(String authority, String pathAndQuery) implements Purge {}

    /**
     * Every response that carries a tag.
     *
     * @param name octet by octet, case counts
     * @param scope the name of the site that must have stored it; empty: any
     */
    record Tag(String name, String scope) implements Purge {
        /** The tag, whichever site has stored the response. */
        public Tag(String name) {
            this(name, "");
        }
    }

    /** Every response of one authority that is a member of a group (RFC 9875 §2). */
    record Group(String authority, String name) implements Purge {}

    /** Every resource of one authority whose path and query begin so. */
    record Prefix(String authority, String pathPrefix) implements Purge {}

    /** Every resource whose authority, path and query, written one after the other, match. */
    record Match(Glob pattern) implements Purge {}

    /**
     * Every resource of one host.
     *
     * @param host with a port: only that one; without: the host on every port
     */
    record Host(String host) implements Purge {}

    /** Everything. */
    record All() implements Purge {}

    /**
     * What another purge covers, little by little: each resource has a moment of its own, the same on all nodes, so that
     * not all are fetched anew at once. Only for {@link Mode#SOFT}; with another mode it is that purge.
     *
     * @param from when it begins, in milliseconds since 1970
     * @param over how long it takes, in milliseconds
     */
    record Gradual(Purge purge, long from, long over) implements Purge {
        public Gradual {
            if (over < 0 || purge instanceof Gradual) {
                throw new IllegalArgumentException("it takes some time, and spreads a purge that does not");
            }
        }

        /** When it concerns {@code subject}, in milliseconds since 1970. */
        public long dueAt(Subject subject) {
            int hash =
                    31 * subject.authority().hashCode() + subject.pathAndQuery().hashCode();
            // Fibonacci hashing (Knuth, TAOCP 6.4): paths that differ in a digit are spread over the whole time
            long spread = (hash * 0x9e3779b97f4a7c15L) >>> 33;
            return from + ((over * spread) >>> 31);
        }
    }

    /** Whether {@code subject} is among what is purged. */
    default boolean covers(Subject subject) {
        String authority = subject.authority();
        return switch (this) {
            case Url url -> url.pathAndQuery.equals(subject.pathAndQuery()) && url.authority.equals(authority);
            case Tag tag ->
                subject.tags().contains(tag.name) && (tag.scope.isEmpty() || tag.scope.equals(subject.scope()));
            case Group group -> subject.groups().contains(group.name) && group.authority.equals(authority);
            case Prefix prefix ->
                prefix.authority.equals(authority) && subject.pathAndQuery().startsWith(prefix.pathPrefix);
            case Match match -> match.pattern.matches(authority + subject.pathAndQuery());
            case Host host -> isHost(host.host, authority);
            case All all -> true;
            case Gradual gradual -> gradual.purge.covers(subject);
        };
    }

    /** Whether it is one of a subject's {@link Subject#names}, so that what it covers is found by looking it up. */
    default boolean isExact() {
        return switch (this) {
            case Url url -> true;
            case Tag tag -> true;
            case Group group -> true;
            case Prefix prefix -> false;
            case Match match -> false;
            case Host host -> false;
            case All all -> false;
            case Gradual gradual -> false;
        };
    }

    /** What kind it is, in a word. */
    default Kind kind() {
        return switch (this) {
            case Url url -> Kind.URL;
            case Tag tag -> Kind.TAG;
            case Group group -> Kind.GROUP;
            case Prefix prefix -> Kind.PREFIX;
            case Match match -> Kind.MATCH;
            case Host host -> Kind.HOST;
            case All all -> Kind.ALL;
            case Gradual gradual -> gradual.purge.kind();
        };
    }

    /** The kinds of purges, for those who count them. */
    enum Kind {
        URL,
        TAG,
        GROUP,
        PREFIX,
        MATCH,
        HOST,
        ALL
    }

    private static boolean isHost(String host, String authority) {
        if (!authority.startsWith(host)) {
            return false;
        }
        // what may follow a host is its port; an IPv6 address ends with its bracket, so a colon there begins one too
        return authority.length() == host.length() || authority.charAt(host.length()) == ':';
    }
}
