package io.larder.balance;

/**
 * The rule that turns the outcomes of health checks into up and down: up after {@code rise} checks in a row that pass, down
 * after {@code fall} that fail. The very first check decides at once; until then a server is believed to be up.
 *
 * @param rise at least 1
 * @param fall at least 1
 */
public record HealthCount(int rise, int fall) {
    public HealthCount {
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall are at least 1");
        }
    }

    /** What the checks of one server have come to. */
    public sealed interface State {}

    /** It has not been checked. */
    public record Unchecked() implements State {}

    /** It is up; {@code failures} checks in a row have failed. */
    public record Up(int failures) implements State {}

    /** It is down; {@code successes} checks in a row have passed. */
    public record Down(int successes) implements State {}

    /** Before the first check. */
    public static final State UNCHECKED = new Unchecked();

    private static final State UP = new Up(0);
    private static final State DOWN = new Down(0);

    /** Whether it may be sent requests. */
    public static boolean isUp(State state) {
        return !(state instanceof Down);
    }

    /** What follows when a check has passed. */
    public State passed(State state) {
        return switch (state) {
            case Unchecked first -> UP;
            case Up up -> UP;
            case Down down -> down.successes + 1 >= rise ? UP : new Down(down.successes + 1);
        };
    }

    /** What follows when a check has failed. */
    public State failed(State state) {
        return switch (state) {
            case Unchecked first -> DOWN;
            case Up up -> up.failures + 1 >= fall ? DOWN : new Up(up.failures + 1);
            case Down down -> DOWN;
        };
    }
}
