package io.larder.fragment;

import java.util.List;
import java.util.Optional;

/**
 * A regular expression whose matching takes time that is linear in the text: the program of a nondeterministic automaton, all
 * of whose states are followed at once (Thompson 1968). A page's author writes the expression and a visitor the text, so that
 * what backtracks, as {@code java.util.regex} does, would let the visitor choose how long it takes.
 *
 * @param source as it is written
 * @param program ends where the expression matches: behind its last step
 */
record Regex(String source, List<Step> program) {
    /** The longest that is read, in characters (nginx's {@code ssi_value_length}). */
    static final int LONGEST = 256;

    /** A step of a program. Offsets are counted from the step itself. */
    sealed interface Step {
        /** Takes one character of these. */
        record Take(Chars chars) implements Step {}

        /** Goes on with the next step, and there as well. */
        record Fork(int offset) implements Step {}

        /** Goes on there. */
        record Jump(int offset) implements Step {}

        /** Goes on at the beginning of the text only. */
        record Start() implements Step {}

        /** Goes on at the end of the text only. */
        record End() implements Step {}
    }

    /**
     * A set of characters.
     *
     * @param ranges the first and the last of each, one pair after the other
     * @param negated whether all others are meant
     */
    record Chars(String ranges, boolean negated) {
        boolean contains(char c) {
            for (int i = 0; i < ranges.length(); i += 2) {
                if (c >= ranges.charAt(i) && c <= ranges.charAt(i + 1)) {
                    return !negated;
                }
            }
            return negated;
        }
    }

    Regex {
        program = List.copyOf(program);
    }

    /** Reads {@code source}; empty where it is none, or asks for more than {@link RegexParser} knows. */
    static Optional<Regex> parse(String source) {
        return source.length() > LONGEST
                ? Optional.empty()
                : RegexParser.program(source).map(program -> new Regex(source, program));
    }

    /** Whether a part of {@code text} is like this. */
    boolean matches(String text) {
        return new RegexRun(program).finds(text);
    }
}
