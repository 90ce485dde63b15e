package io.larder.cli;

/** A command that did not do what it was asked, in words for its user. Stackless: it is an outcome, not a bug. */
public final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exit;

    /**
     * A failure.
     *
     * @param exit the exit status: see {@link Exit}
     * @param message what is wrong and what helps
     */
    public Failed(int exit, String message) {
        super(message, null, false, false);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
