package io.larder.admin;

/** Takes servers of upstreams out, and lets them in again. Called on the operators' thread. */
public interface Draining {
    /** What came of it. */
    enum Outcome {
        DONE,
        NO_SUCH_UPSTREAM,
        NO_SUCH_SERVER
    }

    /**
     * Takes a server out, or lets it in again.
     *
     * @param server its address, as configured
     * @param out false: it gets requests again
     */
    Outcome drain(String upstream, String server, boolean out);
}
