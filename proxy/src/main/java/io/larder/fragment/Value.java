package io.larder.fragment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a variable of a page stands for, or a text with variables in it, for one visitor. It remembers which of its parts the
 * page itself has written and which have come with the request: a page trusts itself, and no visitor.
 *
 * @param parts in their order
 */
record Value(List<Part> parts) {
    static final Value EMPTY = new Value(List.of());

    /**
     * A part of it.
     *
     * @param from the variable of the request that it is the value of; null for what the page itself has written
     */
    record Part(String text, @Nullable Variable from) {
        private String in(Escaping escaping) {
            return from == null ? text : escaping.of(from, text);
        }

        private Part upTo(int most) {
            return text.length() <= most ? this : new Part(text.substring(0, most), from);
        }
    }

    Value {
        parts = List.copyOf(parts);
    }

    /** What the page itself has written. */
    static Value own(String text) {
        return text.isEmpty() ? EMPTY : new Value(List.of(new Part(text, null)));
    }

    /** What has come with the request. */
    static Value of(Variable from, String text) {
        return text.isEmpty() ? EMPTY : new Value(List.of(new Part(text, from)));
    }

    /** All of them one after the other, {@code most} characters of them. */
    static Value joined(List<Value> values, int most) {
        List<Part> parts = new ArrayList<>();
        int room = most;
        for (Value value : values) {
            for (Part part : value.parts) {
                if (room > 0) {
                    Part fitting = part.upTo(room);
                    parts.add(fitting);
                    room -= fitting.text.length();
                }
            }
        }
        return new Value(parts);
    }

    /** The visitor's parts as {@code escaping} writes them, and the page's own as they are. */
    String in(Escaping escaping) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.in(escaping)));
        return text.toString();
    }

    /** All of it as {@code escaping} writes it; what a visitor has sent never goes without. */
    String echoed(Variable as, Escaping escaping) {
        return escaping == Escaping.NONE ? in(Escaping.MARKUP) : escaping.of(as, in(Escaping.NONE));
    }
}
