package io.larder.assembly;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is stored is answered at once: then nobody has to wait, and nothing is made for waiting with. */
final class Answered {
    private Answered() {}

    /** What {@code stage} has come to; null where it has not yet, or has failed. */
    static <T> @Nullable T now(CompletionStage<T> stage) {
        return stage instanceof CompletableFuture<T> future && future.isDone() && !future.isCompletedExceptionally()
                ? future.join()
                : null;
    }
}
