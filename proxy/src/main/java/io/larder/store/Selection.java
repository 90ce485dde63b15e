package io.larder.store;

import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Purges that were asked for together: an immutable value, arranged for finding out whether any of them covers something. */
final class Selection {
    private final Set<Purge> exact = new LinkedHashSet<>();
    private final List<Purge> patterns = new ArrayList<>();

    Selection(Collection<? extends Purge> purges) {
        for (Purge purge : purges) {
            if (purge.isExact()) {
                exact.add(purge);
            } else {
                patterns.add(purge);
            }
        }
    }

    /** Those that are found by looking up a subject's names. */
    Set<Purge> exact() {
        return exact;
    }

    boolean hasPatterns() {
        return !patterns.isEmpty();
    }

    /** Whether it is nothing but URLs. */
    boolean isUrls() {
        return patterns.isEmpty() && exact.stream().allMatch(Purge.Url.class::isInstance);
    }

    boolean covers(Subject subject) {
        return (!exact.isEmpty() && subject.names().stream().anyMatch(exact::contains))
                || patterns.stream().anyMatch(pattern -> pattern.covers(subject));
    }
}
