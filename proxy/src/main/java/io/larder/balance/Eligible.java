package io.larder.balance;

import java.util.Arrays;
import java.util.List;

/**
 * The rule, common to all balancers, of who may be picked at all: usable servers of the best priority that has any; where
 * too few are usable to believe that ({@link Choice#panicBelow}), all of them; where none is, one that may be tried.
 */
public final class Eligible {
    /** What a server has to be. */
    private enum Want {
        USABLE,
        TRIABLE,
        ANY
    }

    private static final int[] NONE = {};

    private Eligible() {}

    /** The indexes of those that may be picked now, in order; all of one priority. */
    public static int[] of(List<? extends Load> candidates, Choice choice) {
        int usable = usable(candidates, choice.nanos());
        if (usable < candidates.size() * choice.panicBelow()) {
            return select(candidates, choice, Want.ANY);
        }
        return select(candidates, choice, usable > 0 ? Want.USABLE : Want.TRIABLE);
    }

    /** Whether a server may be picked that is not only tried for want of others. */
    public static boolean isLeft(List<? extends Load> candidates, Choice choice) {
        boolean panic = usable(candidates, choice.nanos()) < candidates.size() * choice.panicBelow();
        Want want = panic ? Want.ANY : Want.USABLE;
        for (int i = 0; i < candidates.size(); i++) {
            if (isWanted(candidates.get(i), choice, want)) {
                return true;
            }
        }
        return false;
    }

    private static int usable(List<? extends Load> candidates, long nanos) {
        int count = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).isUsable(nanos)) {
                count++;
            }
        }
        return count;
    }

    private static int[] select(List<? extends Load> candidates, Choice choice, Want want) {
        int[] found = new int[candidates.size()];
        int count = 0;
        int best = Integer.MAX_VALUE;
        for (int i = 0; i < found.length; i++) {
            Endpoint endpoint = candidates.get(i).endpoint();
            if (endpoint.priority() <= best && isWanted(candidates.get(i), choice, want)) {
                count = endpoint.priority() < best ? 0 : count;
                best = endpoint.priority();
                found[count++] = i;
            }
        }
        return count == 0 ? NONE : Arrays.copyOf(found, count);
    }

    private static boolean isWanted(Load load, Choice choice, Want want) {
        boolean wanted = switch (want) {
            case USABLE -> load.isUsable(choice.nanos());
            case TRIABLE -> load.mayBeTried(choice.nanos());
            case ANY -> true;
        };
        return wanted && (choice.excluded().isEmpty() || !choice.excluded().contains(load.endpoint()));
    }
}
