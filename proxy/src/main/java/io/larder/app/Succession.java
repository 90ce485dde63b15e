package io.larder.app;

import io.larder.config.LarderConfig;
import io.larder.exchange.Shared;
import java.util.List;

/** Puts one generation in the place of another, so that no request notices. Blocks; one at a time. */
@Shared
final class Succession {
    private final Assembly parts;
    private final Listeners listeners;
    private boolean ended; // under the lock of this

    Succession(Assembly parts, Listeners listeners) {
        this.parts = parts;
        this.listeners = listeners;
    }

    /**
     * Lets {@code config} become live: for every request that comes when this has returned, and for some before.
     *
     * @return the upstreams that files have made another, and nothing that is written
     * @throws StartFailure when it cannot; then nothing has changed
     */
    synchronized List<String> replace(LarderConfig config) {
        if (ended) {
            throw StartFailure.machine("the gateway is stopping");
        }
        Live live = parts.live();
        Generation previous = live.now();
        Generation next = parts.maker().next(config, previous);
        Listeners.Turn turn = prepared(previous, next);
        Logs.least(config.log().level());
        turn.keepTo(previous.gateway());
        live.replace(next);
        previous.backends().silenceUnless(next.backends());
        next.backends().live();
        turn.complete(config.shutdown().drain());
        parts.state().listening(listeners.shown());
        previous.backends().retireUnless(next.backends());
        parts.maker().keepers().keepOnly(config);
        return next.backends().renewed(previous.backends());
    }

    private Listeners.Turn prepared(Generation previous, Generation next) {
        try {
            return listeners.prepare(next.config().listeners().values(), next.gateway());
        } catch (RuntimeException failure) {
            next.backends().retireUnless(previous.backends());
            throw failure;
        }
    }

    /** Waits for a change that is being made, and lets none follow. */
    synchronized void end() {
        ended = true;
    }
}
