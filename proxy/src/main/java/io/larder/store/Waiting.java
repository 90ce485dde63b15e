package io.larder.store;

import io.larder.exchange.Exchange;
import io.larder.exchange.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for a purge to be complete, for a while. Confined to the exchange's loop. */
final class Waiting {
    private final Announcement purge;
    private final Exchange exchange;
    private final Runnable end = this::end;
    private final CompletableFuture<Announcement.Progress> over = new CompletableFuture<>();
    private Loop.@Nullable Timer timer;

    Waiting(Announcement purge, Exchange exchange) {
        this.purge = purge;
        this.exchange = exchange;
    }

    /** Completes with how far the purge has come when nobody waits for it here any more. */
    CompletionStage<Announcement.Progress> over() {
        return over;
    }

    void begin(Duration patience) {
        Loop loop = exchange.loop();
        loop.check();
        if (patience.isZero()) { // who does not wait is not kept until the purge is complete, hours later perhaps
            over.complete(purge.progress());
            return;
        }
        timer = loop.schedule(patience, end);
        exchange.departure().onGone(end);
        purge.complete().whenComplete((progress, failure) -> loop.execute(end));
    }

    private void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
            exchange.departure().forget(end);
            over.complete(purge.progress());
        }
    }
}
