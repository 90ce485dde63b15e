package io.larder.app;

/** Why the gateway cannot start: one message for the person who started it, no bug. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean configuration;

    private StartFailure(String message, boolean configuration) {
        super(message, null, false, false);
        this.configuration = configuration;
    }

    /** The configuration asks for something that cannot be. */
    static StartFailure configuration(String message) {
        return new StartFailure(message, true);
    }

    /** The machine refuses: a port in use, a missing permission. */
    static StartFailure machine(String message) {
        return new StartFailure(message, false);
    }

    /** Whether editing the configuration is the remedy. */
    public boolean isConfiguration() {
        return configuration;
    }

    /** The message; never null. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
