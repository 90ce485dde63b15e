package io.larder.balance;

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
        "1, 0, 50",
        "1, 0.5, 75",
        "1, 1, 100",
        "2, 0, 100",
        "2, 1, 200",
        "6, 1, 3200",
        "7, 0, 2500",
        "7, 1, 5000",
        "2000000000, 1, 5000",
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
