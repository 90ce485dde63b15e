package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private final Backoff rule = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    @ParameterizedTest
    @CsvSource({
        "0, 0, 50",
        "0, 0.5, 75",
        "0, 1, 100",
        "1, 0, 100",
        "1, 1, 200",
        "5, 1, 3200",
        "6, 0, 2500",
        "6, 1, 5000",
        "1000000, 1, 5000",
    })
    void pausesDoubleUpToTheLongest(int failures, double chance, long millis) {
        assertThat(rule.pause(failures, chance)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
