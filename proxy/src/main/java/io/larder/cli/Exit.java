package io.larder.cli;

/** Exit statuses. */
public final class Exit {
    public static final int DONE = 0;
    public static final int FAILED = 1;

    /** Bad usage or bad configuration. */
    public static final int BAD_INPUT = 2;

    /** Some node did not confirm in time. */
    public static final int PARTLY_DONE = 3;

    private Exit() {}
}
