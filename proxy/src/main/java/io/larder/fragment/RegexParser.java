package io.larder.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression: characters, {@code .}, classes in brackets, {@code \d \w \s} and their opposites, {@code ^},
 * {@code $}, groups, {@code |}, and {@code * + ?}, each of which may be lazy. Everything else that Perl's have is refused, and
 * so are variables: counts in braces, references back, assertions, options. Whoever reads a page then knows what its
 * author meant, or that nobody knows.
 */
final class RegexParser {
    private static final int DEEPEST = 16; // groups within one another

    private static final Map<Character, Regex.Chars> KNOWN = Map.of(
            'd', new Regex.Chars("09", false),
            'D', new Regex.Chars("09", true),
            'w', new Regex.Chars("09AZaz__", false),
            'W', new Regex.Chars("09AZaz__", true),
            's', new Regex.Chars("\t\r  ", false),
            'S', new Regex.Chars("\t\r  ", true),
            'n', new Regex.Chars("\n\n", false),
            'r', new Regex.Chars("\r\r", false),
            't', new Regex.Chars("\t\t", false));
    private static final Regex.Chars ANY = new Regex.Chars("\n\n", true);

    /** It is none. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("", null, false, false);
        }
    }

    private final String source;
    private int at;
    private int depth;

    private RegexParser(String source) {
        this.source = source;
    }

    static Optional<List<Regex.Step>> program(String source) {
        try {
            RegexParser parser = new RegexParser(source);
            List<Regex.Step> program = parser.any();
            return parser.at == source.length() ? Optional.of(program) : Optional.empty();
        } catch (Unreadable none) {
            return Optional.empty();
        }
    }

    private boolean sees(String chars) {
        return at < source.length() && chars.indexOf(source.charAt(at)) >= 0;
    }

    private boolean takes(String text) {
        boolean there = source.startsWith(text, at);
        at += there ? text.length() : 0;
        return there;
    }

    private char next() {
        if (at == source.length()) {
            throw new Unreadable();
        }
        return source.charAt(at++);
    }

    private List<Regex.Step> any() {
        List<List<Regex.Step>> choices = new ArrayList<>(List.of(sequence()));
        while (takes("|")) {
            choices.add(sequence());
        }
        List<Regex.Step> program = choices.removeLast();
        while (!choices.isEmpty()) {
            program = either(choices.removeLast(), program);
        }
        return program;
    }

    private static List<Regex.Step> either(List<Regex.Step> one, List<Regex.Step> other) {
        List<Regex.Step> program = new ArrayList<>();
        program.add(new Regex.Step.Fork(one.size() + 2));
        program.addAll(one);
        program.add(new Regex.Step.Jump(other.size() + 1));
        program.addAll(other);
        return program;
    }

    private List<Regex.Step> sequence() {
        List<Regex.Step> program = new ArrayList<>();
        while (at < source.length() && !sees("|)")) {
            program.addAll(repeated(atom()));
        }
        return program;
    }

    private List<Regex.Step> repeated(List<Regex.Step> once) {
        if (!sees("*+?")) {
            return once;
        }
        char how = next();
        takes("?"); // lazy or not, it matches the same texts
        if (sees("*+?")) {
            throw new Unreadable();
        }
        List<Regex.Step> program = new ArrayList<>(once);
        int size = once.size();
        switch (how) {
            case '+' -> program.add(new Regex.Step.Fork(-size));
            case '?' -> program.addFirst(new Regex.Step.Fork(size + 1));
            default -> {
                program.addFirst(new Regex.Step.Fork(size + 2));
                program.add(new Regex.Step.Jump(-size - 1));
            }
        }
        return program;
    }

    private List<Regex.Step> atom() {
        char c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> List.of(new Regex.Step.Take(bracketed()));
            case '.' -> List.of(new Regex.Step.Take(ANY));
            case '^' -> List.of(new Regex.Step.Start());
            case '$' -> end();
            case '\\' -> List.of(new Regex.Step.Take(escaped()));
            case '*', '+', '?', '{', '}' -> throw new Unreadable();
            default -> List.of(new Regex.Step.Take(only(c)));
        };
    }

    private static Regex.Chars only(char c) {
        return new Regex.Chars(String.valueOf(c) + c, false);
    }

    private List<Regex.Step> group() {
        boolean special = sees("?");
        if ((special && !takes("?:")) || ++depth > DEEPEST) {
            throw new Unreadable();
        }
        List<Regex.Step> program = any();
        if (!takes(")")) {
            throw new Unreadable();
        }
        depth--;
        return program;
    }

    /** A dollar sign that is followed by a name would be a variable to nginx. */
    private List<Regex.Step> end() {
        if (at < source.length() && !sees("|)")) {
            throw new Unreadable();
        }
        return List.of(new Regex.Step.End());
    }

    private Regex.Chars escaped() {
        char c = next();
        Regex.@Nullable Chars known = KNOWN.get(c);
        if (known == null && (c >= 128 || Character.isLetterOrDigit(c))) {
            throw new Unreadable();
        }
        return known == null ? only(c) : known;
    }

    private Regex.Chars bracketed() {
        boolean negated = takes("^");
        StringBuilder ranges = new StringBuilder();
        do {
            range(ranges);
        } while (!takes("]"));
        return new Regex.Chars(ranges.toString(), negated);
    }

    private void range(StringBuilder into) {
        String first = member();
        boolean single = first.length() == 2 && first.charAt(0) == first.charAt(1);
        boolean spans = sees("-") && !source.startsWith("-]", at);
        if (!spans) {
            into.append(first);
            return;
        }
        at++;
        String last = member();
        if (!single || last.length() != 2 || last.charAt(0) != last.charAt(1) || last.charAt(0) < first.charAt(0)) {
            throw new Unreadable();
        }
        into.append(first.charAt(0)).append(last.charAt(0));
    }

    /** The ranges of what stands at one place in brackets. */
    private String member() {
        char c = next();
        if (c == '[' && sees(":.=")) {
            throw new Unreadable(); // a class of POSIX
        }
        Regex.Chars chars = c == '\\' ? escaped() : only(c);
        if (chars.negated()) {
            throw new Unreadable();
        }
        return chars.ranges();
    }
}
