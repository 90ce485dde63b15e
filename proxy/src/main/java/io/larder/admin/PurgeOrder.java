package io.larder.admin;

import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.http.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks for: a value.
 *
 * @param soft whether it is only made stale, and served while it is fetched anew
 * @param pace how slowly it is made stale; only where it is soft; null: all at once
 * @param dryRun whether nothing is done but counting
 * @param patience how long nodes may take to confirm
 */
public record PurgeOrder(What what, boolean soft, @Nullable Pace pace, boolean dryRun, Duration patience) {
    /** How long nodes may take where nothing is said. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);

    /** How long they may take at most. */
    public static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);

    /** The longest time that a purge may be spread over. */
    public static final Duration LONGEST_SPREAD = Duration.ofHours(24);

    /** The most requests a second that a pace may be for. */
    public static final int FASTEST = 1_000_000;

    public PurgeOrder {
        if (pace != null && !soft) {
            throw new IllegalArgumentException("what is removed is removed at once");
        }
    }

    /** How much of what is made stale may have to be fetched anew at a time. */
    public sealed interface Pace {
        /** All of it, evenly over a time. */
        record Over(Duration time) implements Pace {}

        /** So many a second. */
        record PerSecond(int requests) implements Pace {}
    }

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
