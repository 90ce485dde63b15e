package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private final PeakEwma latency = new PeakEwma();

    private double millis(long at) {
        return latency.at(at) / MILLI;
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(latency.at(0)).isZero();
        assertThat(latency.at(100 * SECOND)).isZero();
    }

    @Test
    void believesBadNewsAtOnceAndGoodNewsLittleByLittle() {
        latency.observe(20 * MILLI, SECOND);
        assertThat(millis(SECOND)).isEqualTo(20);
        latency.observe(300 * MILLI, SECOND);
        assertThat(millis(SECOND)).isEqualTo(300);
        latency.observe(20 * MILLI, SECOND);
        assertThat(millis(SECOND)).as("no time has passed").isEqualTo(300);
        latency.observe(20 * MILLI, 11 * SECOND);
        assertThat(millis(11 * SECOND)).isCloseTo(20 + 280 / Math.E, within(0.01));
    }

    @Test
    void fadesWhileNobodyHearsOfTheServer() {
        latency.observe(100 * MILLI, -5 * SECOND);
        assertThat(millis(5 * SECOND)).isCloseTo(100 / Math.E, within(0.01));
        assertThat(millis(15 * SECOND)).isCloseTo(100 / Math.E / Math.E, within(0.01));
        latency.observe(60 * MILLI, 15 * SECOND);
        assertThat(millis(15 * SECOND)).as("more than the estimate has become").isEqualTo(60);
    }

    @Test
    void howOftenItIsAskedMakesNoDifference() {
        PeakEwma often = new PeakEwma();
        latency.observe(100 * MILLI, 0);
        often.observe(100 * MILLI, 0);
        for (int i = 1; i <= 1000; i++) {
            often.at(i * SECOND / 100);
        }
        assertThat(often.at(10 * SECOND)).isEqualTo(latency.at(10 * SECOND));
    }

    @Test
    void steadyAnswersAreTheEstimate() {
        for (int i = 0; i < 10_000; i++) {
            latency.observe((i % 2 == 0 ? 10 : 30) * MILLI, 10L * i * MILLI);
        }
        assertThat(millis(100 * SECOND)).isBetween(29.0, 30.0);
    }

    @Test
    void timeThatSeemsToRunBackwardsIsNoTime() {
        latency.observe(100 * MILLI, SECOND);
        assertThat(millis(0)).isEqualTo(100);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new PeakEwma(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> latency.observe(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
