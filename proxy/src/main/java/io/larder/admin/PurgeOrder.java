package io.larder.admin;

import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.http.Target;
import java.util.List;

/**
 * What an operator asks for: a value.
 *
 * @param soft whether it is only made stale, and served while it is fetched anew
 * @param dryRun whether nothing is done but counting
 */
public record PurgeOrder(What what, boolean soft, boolean dryRun) {
    /**
     * What is to be made invalid. A URL stands for all its variants, under {@code http} and {@code https} alike.
     *
     * @param urls exact ones
     * @param tags that responses carry, octets as ISO 8859-1
     * @param prefixes all URLs of the same authority whose path and query begin with theirs
     * @param matches all URLs that match, written without their scheme
     * @param hosts all URLs of these authorities
     * @param all everything
     */
    public record What(
            List<Target> urls,
            List<String> tags,
            List<Target> prefixes,
            List<Glob> matches,
            List<Authority> hosts,
            boolean all) {
        public What {
            urls = List.copyOf(urls);
            tags = List.copyOf(tags);
            prefixes = List.copyOf(prefixes);
            matches = List.copyOf(matches);
            hosts = List.copyOf(hosts);
        }

        /** Whether it names nothing. */
        public boolean isEmpty() {
            return !all && size() == 0;
        }

        /** How many things it names, {@link #all} apart. */
        public int size() {
            return urls.size() + tags.size() + prefixes.size() + matches.size() + hosts.size();
        }
    }
}
