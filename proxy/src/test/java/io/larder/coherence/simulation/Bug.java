package io.larder.coherence.simulation;

/** Mistakes that a node can be made to make, to see that they are found. */
enum Bug {
    NONE,
    /** The fence is taken when the origin has answered, not before it is asked. */
    FENCE_TAKEN_LATE,
    /** What was read is confirmed before it is in force. */
    CONFIRMED_BEFORE_APPLIED,
    /** A log that has lost something is read on as if it had not. */
    GAP_IGNORED,
    /** A node that cannot reach the log goes on as if it knew all. */
    LAG_IGNORED,
    /** A purge that is on its way for many others is taken for one more. */
    COLLECTING_ON_THE_WAY,
    /** Entries are added to a log that has lost those before. */
    TORN_LOG_CONTINUED
}
