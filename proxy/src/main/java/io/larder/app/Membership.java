package io.larder.app;

import io.larder.upstream.Upstream;
import java.time.Duration;

/** Says which servers an upstream has, now or whenever that changes. */
interface Membership {
    /** From now on the servers of {@code upstream} are those it says; once is enough, more often does nothing. */
    void start(Upstream upstream);

    /** Waits until a source that was started has found something, or has failed to; not longer than {@code most}. */
    void await(Duration most);

    /** Says nothing more. */
    void close();
}
