package io.larder.upstream.discovery;

import java.time.Duration;
import java.util.List;

/**
 * What came of a question to DNS.
 *
 * @param <T> what was asked for
 */
sealed interface Answer<T> {
    /** The lifetime of what DNS does not limit, such as an entry of the hosts file. */
    Duration UNLIMITED = Duration.ofDays(1);

    /**
     * There is something.
     *
     * @param all at least one
     * @param lifetime how long it may be believed: the least TTL on the way to it, aliases included
     */
    record Records<T>(List<T> all, Duration lifetime) implements Answer<T> {
        public Records {
            all = List.copyOf(all);
            if (all.isEmpty()) {
                throw new IllegalArgumentException("no record is not an answer with records");
            }
        }
    }

    /** DNS says that there is nothing of this kind, or no such name. */
    record Nothing<T>(String why) implements Answer<T> {}

    /** DNS says nothing: no answer came, or one that means nothing. */
    record Failed<T>(String why) implements Answer<T> {}
}
