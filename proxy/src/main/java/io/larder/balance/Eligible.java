package io.larder.balance;

import java.util.Arrays;
import java.util.List;

/**
 * The rule, common to all balancers, of who may be picked at all: usable servers of the best priority that has any; where too
 * few of that priority are usable to believe it ({@link Choice#panicBelow}), all of them; where none at all is usable, one
 * that may be tried.
 */
public final class Eligible {
    /** What a server has to be. */
    private enum Want {
        USABLE,
        TRIABLE,
        ANY
    }

    private static final int[] NONE = {};

    private final List<? extends Load> candidates;
    private final Choice choice;
    private final Want want;
    private final int from; // the best priority that is looked at

    private Eligible(List<? extends Load> candidates, Choice choice) {
        this.candidates = candidates;
        this.choice = choice;
        int best = Integer.MAX_VALUE; // priority with a usable server
        int usable = 0; // of that priority
        for (int i = 0; i < candidates.size(); i++) {
            int priority = candidates.get(i).endpoint().priority();
            if (priority <= best && candidates.get(i).isUsable(choice.nanos())) {
                usable = priority < best ? 1 : usable + 1;
                best = priority;
            }
        }
        boolean isPanic = choice.panicBelow() > 0 && (usable == 0 || usable < size(best) * choice.panicBelow());
        this.from = isPanic && usable > 0 ? best : 0;
        if (isPanic) {
            this.want = Want.ANY;
        } else {
            this.want = usable > 0 ? Want.USABLE : Want.TRIABLE;
        }
    }

    /** The indexes of those that may be picked now, in order; all of one priority. */
    public static int[] of(List<? extends Load> candidates, Choice choice) {
        return new Eligible(candidates, choice).select();
    }

    /** Whether a server may be picked that is not only tried for want of others. */
    public static boolean isLeft(List<? extends Load> candidates, Choice choice) {
        Eligible eligible = new Eligible(candidates, choice);
        return eligible.want != Want.TRIABLE && eligible.select().length > 0;
    }

    private int size(int priority) {
        int size = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).endpoint().priority() == priority) {
                size++;
            }
        }
        return size;
    }

    private int[] select() {
        int[] found = new int[candidates.size()];
        int count = 0;
        int best = Integer.MAX_VALUE;
        for (int i = 0; i < found.length; i++) {
            int priority = candidates.get(i).endpoint().priority();
            if (priority >= from && priority <= best && isWanted(candidates.get(i))) {
                count = priority < best ? 0 : count;
                best = priority;
                found[count++] = i;
            }
        }
        if (count == found.length) {
            return found;
        }
        return count == 0 ? NONE : Arrays.copyOf(found, count);
    }

    private boolean isWanted(Load load) {
        boolean wanted = switch (want) {
            case USABLE -> load.isUsable(choice.nanos());
            case TRIABLE -> load.mayBeTried(choice.nanos());
            case ANY -> true;
        };
        return wanted && (choice.excluded().isEmpty() || !choice.excluded().contains(load.endpoint()));
    }
}
