package io.larder.upstream.discovery;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a listener what is news to it, and nothing else. Confined to its source's thread. */
final class Announcer {
    private final Discovery.Listener listener;
    private @Nullable List<Found> told;
    private boolean failing;

    Announcer(Discovery.Listener listener) {
        this.listener = listener;
    }

    /** All is known. */
    void good(Collection<Found> servers) {
        if (failing) {
            failing = false;
            listener.recovered();
        }
        tell(servers);
    }

    /** These are known, and some could not be learned anew. */
    void partly(Collection<Found> servers, String why) {
        bad(why);
        tell(servers);
    }

    /** These are known, which does not end an outage. */
    void meanwhile(Collection<Found> servers) {
        tell(servers);
    }

    /** Nothing could be learned. */
    void bad(String why) {
        if (!failing) {
            failing = true;
            listener.failed(why);
        }
    }

    private void tell(Collection<Found> servers) {
        List<Found> all = Found.distinct(servers);
        if (!all.equals(told)) {
            told = all;
            listener.found(all);
        }
    }
}
