package io.larder.assembly;

import io.larder.exchange.Handler;
import io.larder.exchange.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all pages have in common to be put together with.
 *
 * @param prepared what was worked out before
 * @param room for what is held of pages on their way
 * @param worker runs what takes longer than a loop may be held up; refuses what it cannot do soon
 * @param random that nobody can foretell; safe for use from all loops
 * @param fragments takes requests for fragments: a gateway, which treats them as it treats any other
 */
public record Materials(Prepared prepared, Room room, Executor worker, RandomGenerator random, Handler fragments) {
    /**
     * Does {@code work} aside, and gives what comes of it on {@code loop}; null after a bug. Where too much is waiting already it
     * is done at once: who brings so much has to wait for it.
     */
    <T> CompletionStage<@Nullable T> aside(Supplier<@Nullable T> work, Loop loop) {
        CompletableFuture<@Nullable T> done = new CompletableFuture<>();
        try {
            worker.execute(() -> {
                CompletableFuture<@Nullable T> outcome = outcome(work);
                loop.execute(() -> outcome.whenComplete((result, bug) -> done.complete(result)));
            });
        } catch (RejectedExecutionException busy) {
            outcome(work).whenComplete((result, bug) -> done.complete(result));
        }
        return done;
    }

    private static <T> CompletableFuture<@Nullable T> outcome(Supplier<@Nullable T> work) {
        return CompletableFuture.supplyAsync(work, Runnable::run);
    }
}
