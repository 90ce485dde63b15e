package io.larder.coherence;

/**
 * What is no longer to be served. Schemes are not told apart: what is purged under one is purged under both.
 *
 * <p>An {@code authority} is a host in lower case and its port where that is not implied; a {@code pathAndQuery} is as it
 * stands in a cache key.
 */
public sealed interface Purge {
    /** One resource, in all its variants. */
    record Url(String authority, String pathAndQuery) implements Purge {}

    /** Every resource of one authority whose path and query begin so. */
    record Prefix(String authority, String pathPrefix) implements Purge {}

    /**
     * Every resource of one host.
     *
     * @param host with a port: only that one; without: the host on every port
     */
    record Host(String host) implements Purge {}

    /** Everything. */
    record All() implements Purge {}

    /** Whether the resource is among what is purged. */
    default boolean covers(String authority, String pathAndQuery) {
        return switch (this) {
            case Url url -> url.pathAndQuery.equals(pathAndQuery) && url.authority.equals(authority);
            case Prefix prefix -> prefix.authority.equals(authority) && pathAndQuery.startsWith(prefix.pathPrefix);
            case Host host -> isHost(host.host, authority);
            case All all -> true;
        };
    }

    private static boolean isHost(String host, String authority) {
        if (!authority.startsWith(host)) {
            return false;
        }
        // what may follow a host is its port; an IPv6 address ends with its bracket, so a colon there begins one too
        return authority.length() == host.length() || authority.charAt(host.length()) == ':';
    }
}
