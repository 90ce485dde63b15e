package io.larder.fragment;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A test, of {@code <esi:when>} (ESI 1.0 §5.1) or of an {@code if} of SSI's: evaluated for each request, without effects, in
 * time that its length and that of the values bounds.
 */
public sealed interface Condition {
    /** Whether it holds. */
    boolean holds(Variables variables);

    /** How two operands are compared. */
    enum Operator {
        EQUAL,
        UNEQUAL,
        LESS,
        GREATER,
        AT_MOST,
        AT_LEAST
    }

    /**
     * Two operands compared: as numbers where both are, else as texts. False where either is empty, whatever the operator
     * (ESI 1.0 §5.1).
     */
    record Comparison(Text left, Operator operator, Text right) implements Condition {
        private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(?:\\.[0-9]{1,18})?");

        @Override
        public boolean holds(Variables variables) {
            String one = left.in(variables, Escaping.NONE);
            String two = right.in(variables, Escaping.NONE);
            return !one.isEmpty() && !two.isEmpty() && holds(order(one, two));
        }

        private static int order(String one, String two) {
            boolean numbers =
                    NUMBER.matcher(one).matches() && NUMBER.matcher(two).matches();
            return numbers ? new BigDecimal(one).compareTo(new BigDecimal(two)) : one.compareTo(two);
        }

        private boolean holds(int order) {
            return switch (operator) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case GREATER -> order > 0;
                case AT_MOST -> order <= 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    /** An operand alone: whether it is there, and is neither {@code false} nor {@code 0}. */
    record Given(Text operand) implements Condition {
        private static final List<String> NAYS = List.of("", "0", "false");

        @Override
        public boolean holds(Variables variables) {
            return !NAYS.contains(operand.in(variables, Escaping.NONE));
        }
    }

    /** Two operands that are the same text, be they empty. */
    record Same(Text left, Text right) implements Condition {
        @Override
        public boolean holds(Variables variables) {
            return left.in(variables, Escaping.NONE).equals(right.in(variables, Escaping.NONE));
        }
    }

    /** An operand, a part of which is like a regular expression. */
    record Matches(Text operand, Regex regex) implements Condition {
        @Override
        public boolean holds(Variables variables) {
            return regex.matches(operand.in(variables, Escaping.NONE));
        }
    }

    /** What does not hold. */
    record Not(Condition condition) implements Condition {
        @Override
        public boolean holds(Variables variables) {
            return !condition.holds(variables);
        }
    }

    /** All of them. */
    record And(List<Condition> conditions) implements Condition {
        public And {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(Variables variables) {
            return conditions.stream().allMatch(condition -> condition.holds(variables));
        }
    }

    /** Any of them. */
    record Or(List<Condition> conditions) implements Condition {
        public Or {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(Variables variables) {
            return conditions.stream().anyMatch(condition -> condition.holds(variables));
        }
    }
}
