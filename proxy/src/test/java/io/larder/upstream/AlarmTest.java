package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Loop;
import io.larder.exchange.ManualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualLoop loop = new ManualLoop();
    private final List<Long> rung = new ArrayList<>();
    private final Alarm alarm = new Alarm(loop, () -> rung.add(loop.nanos()));

    private static long seconds(int n) {
        return SECOND.multipliedBy(n).toNanos();
    }

    @Test
    void ringsOnceAtTheTimeSetLast() {
        alarm.set(seconds(2));
        alarm.set(seconds(5));
        loop.advance(Duration.ofSeconds(60));
        assertThat(rung).containsExactly(seconds(5));
    }

    @Test
    void canBeSetSooner() {
        alarm.set(seconds(50));
        alarm.set(seconds(1));
        loop.advance(Duration.ofSeconds(60));
        assertThat(rung).containsExactly(seconds(1));
    }

    @Test
    void canBeSilenced() {
        alarm.set(seconds(1));
        alarm.set(Alarm.NEVER);
        loop.advance(SECOND);
        alarm.set(seconds(3));
        alarm.cancel();
        loop.advance(Duration.ofSeconds(60));
        assertThat(rung).isEmpty();
    }

    @Test
    void schedulesNothingWhileItIsPutOff() {
        CountingLoop counting = new CountingLoop(loop);
        Alarm cheap = new Alarm(counting, () -> {});
        for (int i = 1; i <= 1000; i++) {
            cheap.set(seconds(30 + i));
        }
        assertThat(counting.scheduled).isEqualTo(1);
    }

    @Test
    void sooner() {
        assertThat(Alarm.sooner(Alarm.NEVER, 5)).isEqualTo(5);
        assertThat(Alarm.sooner(5, Alarm.NEVER)).isEqualTo(5);
        assertThat(Alarm.sooner(5, 4)).isEqualTo(4);
    }

    private static final class CountingLoop implements Loop {
        private final Loop inner;
        int scheduled;

        CountingLoop(Loop inner) {
            this.inner = inner;
        }

        @Override
        public void execute(Runnable task) {
            inner.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            scheduled++;
            return inner.schedule(delay, task);
        }

        @Override
        public Instant now() {
            return inner.now();
        }

        @Override
        public long nanos() {
            return inner.nanos();
        }

        @Override
        public void check() {
            inner.check();
        }
    }
}
