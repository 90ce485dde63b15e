package io.larder.fragment;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the {@code expr} of {@code if} and {@code elif} as nginx does: a variable alone, which holds where it is not empty, or
 * compared by {@code =} or {@code !=} with a text or with a regular expression between slashes (see {@link RegexParser} for
 * which). A text that begins with a slash is written with a backslash before it. What Apache has beyond that is not read.
 */
final class SsiExpression {
    private static final Pattern GRAMMAR =
            Pattern.compile("\\s*+([^\\s=!]++)\\s*+(?:(!?=)=?+\\s*+(.*+))?", Pattern.DOTALL);
    private static final Text NOTHING = new Text(List.of());

    private SsiExpression() {}

    /** Reads {@code source}; empty where it is no expression. */
    static Optional<Condition> parse(String source, String timeFormat) {
        Matcher parts = GRAMMAR.matcher(source);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String operator = parts.group(2);
        Optional<Text> left = SsiText.parse(parts.group(1), timeFormat);
        if (operator == null) {
            return left.map(operand -> new Condition.Not(new Condition.Same(operand, NOTHING)));
        }
        String right = parts.group(3).strip();
        Optional<Condition> equal = left.flatMap(operand -> equal(operand, right, timeFormat));
        return operator.equals("=") ? equal : equal.map(Condition.Not::new);
    }

    private static Optional<Condition> equal(Text left, String right, String timeFormat) {
        if (right.startsWith("/") && right.length() > 1) {
            return right.endsWith("/")
                    ? Regex.parse(right.substring(1, right.length() - 1))
                            .map(regex -> new Condition.Matches(left, regex))
                    : Optional.empty();
        }
        String text = right.startsWith("\\/") ? right.substring(1) : right;
        return SsiText.parse(text, timeFormat).map(operand -> new Condition.Same(left, operand));
    }
}
