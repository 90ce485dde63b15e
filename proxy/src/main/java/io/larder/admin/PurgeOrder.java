package io.larder.admin;

import io.larder.http.Authority;
import io.larder.http.Target;
import java.util.List;

/**
 * What is to be made invalid: a value. A URL stands for all its variants, under {@code http} and {@code https} alike.
 *
 * @param urls exact ones
 * @param prefixes all URLs of the same authority whose path and query begin with theirs
 * @param hosts all URLs of these authorities
 * @param all everything
 */
public record PurgeOrder(List<Target> urls, List<Target> prefixes, List<Authority> hosts, boolean all) {
    public PurgeOrder {
        urls = List.copyOf(urls);
        prefixes = List.copyOf(prefixes);
        hosts = List.copyOf(hosts);
    }

    /** Whether it names nothing. */
    public boolean isEmpty() {
        return !all && urls.isEmpty() && prefixes.isEmpty() && hosts.isEmpty();
    }
}
