package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowStartTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest(name = "window {0} s, {1} s after: {2}")
    @CsvSource({
        "30, -1, 0.1",
        "30, 0, 0.1",
        "30, 10, 0.4",
        "30, 15, 0.55",
        "30, 20, 0.7",
        "30, 30, 1",
        "30, 31, 1",
        "30, 1000000000, 1",
        "0, -1, 1",
        "0, 0, 1",
        "0, 1, 1",
    })
    void growsToTheWhole(int window, long after, double share) {
        SlowStart slowStart = new SlowStart(Duration.ofSeconds(window));
        for (long since : new long[] {0, -77 * SECOND, 12345}) {
            assertThat(slowStart.share(since, since + after * SECOND)).isCloseTo(share, within(1e-9));
        }
    }

    @Test
    void off() {
        assertThat(SlowStart.OFF.share(0, 0)).isEqualTo(1);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new SlowStart(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
