package io.larder.app;

import io.larder.config.UpstreamConfig;
import io.larder.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * An upstream of one configuration.
 *
 * @param membership says which its servers are
 */
record Backend(UpstreamConfig config, Upstream upstream, Membership membership) {
    /** Its servers are from now on those that its configuration says. */
    void live() {
        membership.start(upstream);
    }

    /** Says nothing more of servers, unless {@code next} goes on saying it. */
    void silenceUnless(@Nullable Backend next) {
        if (next == null || !next.membership.equals(membership)) {
            membership.close();
        }
    }

    /** Lets go of what does not live on in {@code next}. */
    void retireUnless(@Nullable Backend next) {
        silenceUnless(next);
        if (next == null || next.upstream != upstream) {
            upstream.retire();
        }
    }
}
