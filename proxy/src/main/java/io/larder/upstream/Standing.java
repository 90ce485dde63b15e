package io.larder.upstream;

/** Whether a server gets requests, and if not, why. */
public enum Standing {
    /** It does. */
    UP,
    /** Its health check fails. */
    DOWN,
    /** It is left alone for a while, since requests to it have failed. */
    EJECTED,
    /** An operator has taken it out; it finishes what it has. */
    DRAINED
}
