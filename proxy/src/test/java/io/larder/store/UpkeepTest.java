package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    @Test
    void everyTaskIsDoneOnceOnTheOneThread() throws InterruptedException {
        int callers = 4;
        int each = 5_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(callers * each);
        try (Upkeep upkeep = new Upkeep()) {
            for (int c = 0; c < callers; c++) {
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        upkeep.execute(() -> {
                            together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                            done.countDown();
                        });
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(together).hasValue(1);
    }

    @Test
    void aTaskThatFailsDoesNotEndTheThread() throws InterruptedException {
        CountDownLatch after = new CountDownLatch(1);
        try (Upkeep upkeep = new Upkeep()) {
            upkeep.execute(() -> {
                throw new IllegalStateException("of a test");
            });
            upkeep.execute(after::countDown);
            assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void itWakesHoweverOftenItHasSlept() throws InterruptedException {
        try (Upkeep upkeep = new Upkeep()) {
            for (int i = 0; i < 200; i++) {
                CountDownLatch done = new CountDownLatch(1);
                upkeep.execute(done::countDown);
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
