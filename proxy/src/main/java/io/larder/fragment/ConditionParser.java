package io.larder.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a test (ESI 1.0 §5.1). From the tightest: comparisons, {@code !}, {@code &}, {@code |}; the latter two may be
 * doubled. Operands are variables, numbers, texts in single quotes, and words.
 */
final class ConditionParser {
    private static final int DEEPEST = 16; // parentheses and negations within one another

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<var>\\$\\([^)]*\\))|'(?<quoted>[^']*)'|(?<op>==|!=|<=|>=|<|>|&&?|\\|\\|?|!|\\(|\\))|(?<word>[A-Za-z0-9_.-]+))");

    /** Says where it ends. */
    private static final Token END = new Token("", null);

    /** @param operand null for what is none */
    private record Token(String symbol, @Nullable Text operand) {
        boolean isEnd() {
            return symbol.isEmpty() && operand == null;
        }
    }

    /** It is no test. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    private final List<Token> tokens;
    private int next;
    private int depth;

    private ConditionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Reads {@code source}; empty where it is no test. */
    static Optional<Condition> parse(String source) {
        try {
            ConditionParser parser = new ConditionParser(tokens(source));
            Condition condition = parser.any();
            return parser.peek().isEnd() ? Optional.of(condition) : Optional.empty();
        } catch (Unreadable none) {
            return Optional.empty();
        }
    }

    private static List<Token> tokens(String source) {
        List<Token> tokens = new ArrayList<>();
        String text = source.strip();
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            token.region(at, text.length());
            if (!token.lookingAt()) {
                throw new Unreadable("at " + at);
            }
            tokens.add(token(token));
            at = token.end();
        }
        return tokens;
    }

    private static Token token(Matcher token) {
        String operator = token.group("op");
        if (operator != null) {
            return new Token(operator, null);
        }
        String variable = token.group("var");
        if (variable != null) {
            Text text = Text.parse(variable);
            if (text.isConstant()) {
                throw new Unreadable(variable);
            }
            return new Token("", text);
        }
        String quoted = token.group("quoted");
        return new Token("", quoted != null ? Text.parse(quoted) : Text.parse(token.group("word")));
    }

    private Token peek() {
        return next < tokens.size() ? tokens.get(next) : END;
    }

    private boolean takes(String... symbols) {
        if (peek().operand == null && List.of(symbols).contains(peek().symbol)) {
            next++;
            return true;
        }
        return false;
    }

    private Condition any() {
        return several(this::all, Condition.Or::new, "|", "||");
    }

    private Condition all() {
        return several(this::single, Condition.And::new, "&", "&&");
    }

    private Condition several(
            Supplier<Condition> each, Function<List<Condition>, Condition> joined, String... symbols) {
        List<Condition> conditions = new ArrayList<>(List.of(each.get()));
        while (takes(symbols)) {
            conditions.add(each.get());
        }
        return conditions.size() == 1 ? conditions.get(0) : joined.apply(conditions);
    }

    private Condition single() {
        if (++depth > DEEPEST) {
            throw new Unreadable("too deep");
        }
        Condition condition = takes("!") ? new Condition.Not(single()) : takes("(") ? inParentheses() : comparison();
        depth--;
        return condition;
    }

    private Condition inParentheses() {
        Condition inside = any();
        if (!takes(")")) {
            throw new Unreadable("an open parenthesis");
        }
        return inside;
    }

    private Condition comparison() {
        Text left = operand();
        for (Comparing each : Comparing.values()) {
            if (takes(each.symbol)) {
                return new Condition.Comparison(left, each.operator, operand());
            }
        }
        return new Condition.Given(left);
    }

    private Text operand() {
        Text operand = peek().operand;
        if (operand == null) {
            throw new Unreadable("no operand");
        }
        next++;
        return operand;
    }

    /** How the operators are written. */
    private enum Comparing {
        EQUAL("==", Condition.Operator.EQUAL),
        UNEQUAL("!=", Condition.Operator.UNEQUAL),
        AT_MOST("<=", Condition.Operator.AT_MOST),
        AT_LEAST(">=", Condition.Operator.AT_LEAST),
        LESS("<", Condition.Operator.LESS),
        GREATER(">", Condition.Operator.GREATER);

        private final String symbol;
        private final Condition.Operator operator;

        Comparing(String symbol, Condition.Operator operator) {
            this.symbol = symbol;
            this.operator = operator;
        }
    }
}
