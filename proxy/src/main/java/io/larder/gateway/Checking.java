package io.larder.gateway;

import io.larder.admission.Verdict;
import io.larder.exchange.Exchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Has credentials checked where no loop is held up by that. */
final class Checking {
    private static final Verdict BUSY = new Verdict.Unknown("too many credentials wait to be checked");

    private Checking() {}

    /** The verdict of {@code check}, which {@code worker} runs; on the loop of {@code exchange}. */
    static CompletionStage<Verdict> on(Executor worker, Exchange exchange, Supplier<Verdict> check) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        try {
            worker.execute(() -> {
                Verdict found = verdict(check);
                exchange.loop().execute(() -> verdict.complete(found));
            });
        } catch (RejectedExecutionException full) {
            verdict.complete(BUSY);
        }
        return verdict;
    }

    private static Verdict verdict(Supplier<Verdict> check) {
        try {
            return check.get();
        } catch (RuntimeException bug) {
            return new Verdict.Unknown("a check failed: " + bug); // or the client would wait for ever
        }
    }
}
