package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.Gcra;
import io.larder.balance.KeyHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateTableTest {
    private static final Gcra RATE = Gcra.of(1, Duration.ofSeconds(1), 5);
    private static final long SECOND = 1_000_000_000L;

    private final RateTable table = new RateTable();

    @Test
    void eachClientHasHisOwnAllowance() {
        for (long client = 0; client < 1000; client++) {
            for (int i = 0; i < 5; i++) {
                assertThat(table.take(client, RATE, 0).admitted()).isTrue();
            }
            assertThat(table.take(client, RATE, 0).admitted()).isFalse();
        }
        for (long client = 0; client < 1000; client++) {
            assertThat(table.take(client, RATE, 0).admitted()).isFalse();
            assertThat(table.take(client, RATE, SECOND).admitted()).isTrue();
            assertThat(table.take(client, RATE, SECOND).admitted()).isFalse();
        }
    }

    /** However many come, memory is bounded, and whoever keeps coming too often is not forgotten for those who came once. */
    @Test
    void aFloodOfClientsNeitherFillsMemoryNorForgivesTheOneWhoIsLimited() {
        long guilty = KeyHash.of("guilty");
        for (int i = 0; i < 5; i++) {
            table.take(guilty, RATE, 0);
        }
        Random random = new Random(1);
        for (int i = 0; i < 500_000; i++) {
            table.take(random.nextLong(), RATE, 0);
        }
        assertThat(table.size()).isLessThanOrEqualTo(131_072);
        assertThat(table.take(guilty, RATE, 0).admitted()).isFalse();
    }

    @Test
    void whoseAllowanceIsWholeMakesRoom() {
        Random random = new Random(2);
        for (int i = 0; i < 500_000; i++) {
            table.take(random.nextLong(), RATE, 0);
        }
        long later = 10 * SECOND;
        List<Long> fresh = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            fresh.add(random.nextLong());
            for (int j = 0; j < 5; j++) {
                table.take(fresh.get(i), RATE, later);
            }
        }
        assertThat(fresh).noneMatch(client -> table.take(client, RATE, later).admitted());
    }

    /** Several loops take from one allowance at once: all of it is given, and no more. */
    @Test
    void loopsShareAnAllowance() throws Exception {
        Gcra rate = Gcra.of(1, Duration.ofHours(1), 1000);
        table.take(7, rate, 0); // it is known before they begin
        AtomicInteger admitted = new AtomicInteger(1);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            loops.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int j = 0; j < 1000; j++) {
                    if (table.take(7, rate, 0).admitted()) {
                        admitted.incrementAndGet();
                    }
                }
            }));
        }
        start.countDown();
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(admitted).hasValue(1000);
    }
}
