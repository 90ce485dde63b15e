package io.larder.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generic cell rate algorithm (ITU-T I.371 annex A), in virtual time. */
class GcraTest {
    private static final long MILLI = 1_000_000;

    /** When somebody comes (in ms), and whether he is admitted. */
    @ParameterizedTest(name = "{0}/s, burst {1}: {2}")
    @CsvSource({
        "10, 1, 0 100 200 300, yyyy",
        "10, 1, 0 99 100 150 200, ynyny",
        "10, 3, 0 0 0 0, yyyn",
        "10, 3, 0 0 0 99 100 100 200, yyynyny",
        "10, 3, 0 0 0 1000 1000 1000 1000, yyyyyyn",
        "10, 3, 0 0 0 0 0 0 100, yyynnny",
        "1, 1, 0 999 1000, yny",
        "1000, 5, 0 0 0 0 0 0 1 1, yyyyynyn",
    })
    void decides(long rate, int burst, String times, String expected) {
        Gcra gcra = Gcra.of(rate, Duration.ofSeconds(1), burst);
        StringBuilder admitted = new StringBuilder();
        long whole = 0;
        for (String time : times.split(" ", -1)) {
            Gcra.Decision decision = gcra.decide(whole, Long.parseLong(time) * MILLI);
            whole = decision.whole();
            admitted.append(decision.admitted() ? 'y' : 'n');
        }
        assertThat(admitted).hasToString(expected);
    }

    @Test
    void tellsWhatIsLeftAndHowLongToWait() {
        Gcra gcra = Gcra.of(10, Duration.ofSeconds(1), 3);
        assertThat(gcra.burst()).isEqualTo(3);
        Gcra.Decision first = gcra.decide(0, 0);
        assertThat(gcra.remaining(first)).isEqualTo(2);
        assertThat(gcra.untilNext(first)).isZero();
        assertThat(first.debt()).isEqualTo(100 * MILLI);
        Gcra.Decision third = gcra.decide(gcra.decide(first.whole(), 0).whole(), 0);
        assertThat(gcra.remaining(third)).isZero();
        Gcra.Decision fourth = gcra.decide(third.whole(), 30 * MILLI);
        assertThat(fourth.admitted()).isFalse();
        assertThat(gcra.untilNext(fourth)).isEqualTo(Duration.ofMillis(70));
        assertThat(fourth.whole()).isEqualTo(third.whole());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 1, -1, 0, Long.MAX_VALUE - 10_000_000_000L, Long.MAX_VALUE - 10})
    void theClocksZeroMeansNothing(long start) {
        Gcra gcra = Gcra.of(1, Duration.ofSeconds(1), 2);
        Gcra.Decision first = gcra.decide(start, start);
        Gcra.Decision second = gcra.decide(first.whole(), start + 1);
        Gcra.Decision third = gcra.decide(second.whole(), start + 2);
        assertThat(List.of(first.admitted(), second.admitted(), third.admitted()))
                .containsExactly(true, true, false);
        assertThat(gcra.decide(third.whole(), start + 1_000_000_000L).admitted())
                .isTrue();
    }

    @Test
    void refusesWhatIsNoRate() {
        assertThatThrownBy(() -> new Gcra(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Gcra(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Gcra.of(1, Duration.ofDays(1), 1_000_000))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * Whoever comes, whenever: in no stretch of time are more admitted than the burst and what the rate gives in it; and who
     * waits as long as he is told is admitted, and would not have been a moment before.
     */
    @Test
    void noStretchOfTimeHasMoreThanTheRateAndTheBurst() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            Gcra gcra = Gcra.of(1 + random.nextInt(2000), Duration.ofSeconds(1), 1 + random.nextInt(20));
            List<Long> admitted = new ArrayList<>();
            long now = random.nextLong() >> 2;
            long whole = now;
            for (int i = 0; i < 300; i++) {
                now += random.nextInt(4) == 0 ? random.nextLong(2 * gcra.span()) : random.nextLong(gcra.interval());
                Gcra.Decision decision = gcra.decide(whole, now);
                whole = decision.whole();
                if (decision.admitted()) {
                    admitted.add(now);
                } else {
                    long wait = gcra.untilNext(decision).toNanos();
                    assertThat(gcra.decide(whole, now + wait).admitted()).isTrue();
                    assertThat(gcra.decide(whole, now + wait - 1).admitted()).isFalse();
                    assertThat(gcra.remaining(decision)).isZero();
                }
            }
            for (int from = 0; from < admitted.size(); from++) {
                for (int to = from; to < admitted.size(); to++) {
                    long stretch = admitted.get(to) - admitted.get(from);
                    assertThat((long) to - from + 1).isLessThanOrEqualTo(gcra.burst() + stretch / gcra.interval());
                }
            }
        }
    }
}
