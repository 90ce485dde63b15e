package io.larder.balance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notices when other servers are to be picked from than before. Confined to one loop. */
final class Roster {
    private @Nullable List<? extends Load> list;
    private Endpoint[] endpoints = {};

    /**
     * Whether these are others, or in another order, than at the last call. A list that was seen already costs nothing; a new
     * one that holds the same is the same.
     */
    @SuppressWarnings("ReferenceEquality") // the same list, or look closer
    boolean isNew(List<? extends Load> candidates) {
        if (candidates == list && candidates.size() == endpoints.length) {
            return false;
        }
        list = candidates;
        if (holdsTheSame(candidates)) {
            return false;
        }
        endpoints = new Endpoint[candidates.size()];
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = candidates.get(i).endpoint();
        }
        return true;
    }

    private boolean holdsTheSame(List<? extends Load> candidates) {
        if (candidates.size() != endpoints.length) {
            return false;
        }
        for (int i = 0; i < endpoints.length; i++) {
            if (!endpoints[i].equals(candidates.get(i).endpoint())) {
                return false;
            }
        }
        return true;
    }

    /** Those of the last call. */
    Endpoint[] endpoints() {
        return endpoints;
    }
}
