package io.larder.cli.demo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Time that a database or a computation would take. */
final class Pause {
    private Pause() {}

    /** Returns after {@code time}, or when the shop closes. */
    static void of(Duration time) throws InterruptedException {
        try {
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS)
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails here", e);
        }
    }
}
