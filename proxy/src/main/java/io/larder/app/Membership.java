package io.larder.app;

import io.larder.upstream.Upstream;

/** Says which servers an upstream has, now or whenever that changes. */
interface Membership {
    /** From now on the servers of {@code upstream} are those it says; once is enough, more often does nothing. */
    void start(Upstream upstream);

    /** Says nothing more. */
    void close();
}
