package io.larder.balance;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The rule, common to all balancers, of who may be picked at all. */
public final class Eligible {
    private static final int[] NONE = {};

    private Eligible() {}

    /** The indexes of those that may be picked now, in order. */
    public static int[] of(List<? extends Load> candidates, Set<Endpoint> excluded, long nanos) {
        boolean panic = !anyUsable(candidates, nanos);
        int[] primaries = select(candidates, excluded, nanos, panic, false);
        return primaries.length > 0 ? primaries : select(candidates, excluded, nanos, panic, true);
    }

    private static boolean anyUsable(List<? extends Load> candidates, long nanos) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).isUsable(nanos)) {
                return true;
            }
        }
        return false;
    }

    private static int[] select(
            List<? extends Load> candidates, Set<Endpoint> excluded, long nanos, boolean panic, boolean backups) {
        int[] found = new int[candidates.size()];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            Load load = candidates.get(i);
            Endpoint endpoint = load.endpoint();
            boolean wanted = endpoint.backup() == backups && (panic || load.isUsable(nanos));
            if (wanted && (excluded.isEmpty() || !excluded.contains(endpoint))) {
                found[count++] = i;
            }
        }
        return count == 0 ? NONE : Arrays.copyOf(found, count);
    }
}
