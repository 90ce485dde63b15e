package io.larder.store;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<CompletableFuture<String>> begun = new ArrayList<>();
    private final WriteBehind writes = new WriteBehind(tasks::add, 100, 2);

    private CompletionStage<String> write() {
        CompletableFuture<String> write = new CompletableFuture<>();
        begun.add(write);
        return write;
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void nothingIsDoneInTheCallersThread() {
        writes.add(10, this::write);
        assertThat(begun).isEmpty();
        assertThat(writes.waiting()).isEqualTo(10);
        work();
        begun.get(0).complete("");
        assertThat(writes.waiting()).isZero();
        assertThat(writes.written()).isEqualTo(1);
    }

    @Test
    void someAreUnderWayAtOnceAndTheOthersFollow() {
        for (int i = 0; i < 5; i++) {
            writes.add(10, this::write);
        }
        work();
        assertThat(begun).hasSize(2);
        begun.get(1).complete("");
        work();
        assertThat(begun).hasSize(3);
        begun.forEach(write -> write.complete(""));
        work();
        begun.forEach(write -> write.complete(""));
        assertThat(begun).hasSize(5);
        assertThat(writes.written()).isEqualTo(5);
        assertThat(writes.waiting()).isZero();
    }

    @Test
    void whatIsTooMuchIsLeftOut() {
        writes.add(60, this::write);
        writes.add(60, this::write);
        writes.add(40, this::write);
        writes.add(1, this::write);
        assertThat(writes.dropped()).isEqualTo(2);
        assertThat(writes.waiting()).isEqualTo(100);
        work();
        begun.forEach(write -> write.complete(""));
        assertThat(writes.waiting()).isZero();
        writes.add(1_000, this::write); // alone it may
        assertThat(writes.dropped()).isEqualTo(2);
        writes.add(1, this::write);
        assertThat(writes.dropped()).isEqualTo(3);
    }

    @Test
    void whatFailsMakesRoomAsWell() {
        writes.add(10, this::write);
        writes.add(10, () -> {
            throw new IllegalStateException("on purpose");
        });
        writes.add(10, this::write);
        work();
        begun.forEach(write -> write.completeExceptionally(new IllegalStateException("on purpose")));
        assertThat(begun).hasSize(2);
        assertThat(writes.failed()).isEqualTo(3);
        assertThat(writes.waiting()).isZero();
    }

    @Test
    void aWorkerThatIsGoneIsNoTrouble() {
        WriteBehind closed = new WriteBehind(
                task -> {
                    throw new RejectedExecutionException("closing");
                },
                1_000_000,
                2);
        for (int i = 0; i < 10_000; i++) {
            closed.add(10, this::write);
        }
        assertThat(closed.dropped()).isEqualTo(10_000);
        assertThat(closed.waiting()).isZero();
    }

    @Test
    void manyThreadsLoseNoWrite() throws Exception {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (var worker = Executors.newFixedThreadPool(3);
                var callers = Executors.newFixedThreadPool(4)) {
            WriteBehind shared = new WriteBehind(worker, 1_000_000_000, 2);
            for (int caller = 0; caller < 4; caller++) {
                callers.execute(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        shared.add(10, () -> {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            return CompletableFuture.completedFuture("")
                                    .whenComplete((done, failure) -> underWay.decrementAndGet());
                        });
                    }
                });
            }
            callers.shutdown();
            assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            eventually("all written", () -> shared.written() == 20_000);
            assertThat(shared.waiting()).isZero();
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
