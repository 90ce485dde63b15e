package io.larder.assembly;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One place in a page: what stands there, or will. Confined to the page's loop. */
sealed interface Slot permits Slot.Ready, Slot.Trial, Hole {
    /** How it stands with a place. */
    enum State {
        /** Nobody knows yet what will stand there. */
        PENDING,
        /** It is known what stands there. */
        FILLED,
        /** Nothing can stand there, and without it the page is none. */
        FAILED
    }

    State state();

    /** The octets that stand there, once that is known. */
    record Ready(Bytes octets, boolean lasting) implements Slot {
        @Override
        public State state() {
            return State.FILLED;
        }
    }

    /** What is attempted, or something else where that fails. */
    final class Trial implements Slot {
        private final List<Slot> attempt;
        private final boolean demanding;
        private final Supplier<List<Slot>> except;
        private @Nullable List<Slot> instead;

        /**
         * @param demanding whether it fails, too, where it brings no octets
         * @param except begins what is to stand there where {@code attempt} fails
         */
        Trial(List<Slot> attempt, boolean demanding, Supplier<List<Slot>> except) {
            this.attempt = attempt;
            this.demanding = demanding;
            this.except = except;
        }

        @Override
        public State state() {
            List<Slot> otherwise = instead;
            if (otherwise == null) {
                State tried = Slot.state(attempt);
                if (tried == State.PENDING || (tried == State.FILLED && !(demanding && Slot.isEmpty(attempt)))) {
                    return tried;
                }
                otherwise = except.get();
                instead = otherwise;
            }
            return Slot.state(otherwise);
        }

        /** What stands there, once that is known. */
        List<Slot> chosen() {
            List<Slot> otherwise = instead;
            return otherwise == null ? attempt : otherwise;
        }
    }

    /** How it stands with all of {@code slots}: one that failed is enough. */
    static State state(List<Slot> slots) {
        State all = State.FILLED;
        for (Slot slot : slots) {
            State one = slot.state();
            if (one == State.FAILED) {
                return State.FAILED;
            }
            all = one == State.PENDING ? one : all;
        }
        return all;
    }

    /** Whether {@code slots}, which are filled, bring no octets. */
    static boolean isEmpty(List<Slot> slots) {
        return flat(slots).stream().allMatch(slot -> switch (slot) {
            case Ready ready -> ready.octets.isEmpty();
            case Hole hole -> hole.octets().isEmpty();
            case Trial trial -> isEmpty(trial.chosen());
        });
    }

    /** The slots of {@code slots}, which are filled, without any choice left in them. */
    static List<Slot> flat(List<Slot> slots) {
        List<Slot> flat = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            if (slot instanceof Trial trial) {
                flat.addAll(flat(trial.chosen()));
            } else {
                flat.add(slot);
            }
        }
        return flat;
    }
}
