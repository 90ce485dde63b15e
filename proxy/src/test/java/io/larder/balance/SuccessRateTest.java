package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.balance.SuccessRate.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuccessRateTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "19, 19, false", // too few to prove anything
        "20, 20, true",
        "20, 11, true",
        "20, 10, false",
        "1000, 499, false",
        "1000, 501, true",
        "1000, 0, false"
    })
    void isMissedWhereTooFewOfEnoughSucceed(long ended, long failed, boolean missed) {
        SuccessRate half = new SuccessRate(0.5);
        assertThat(half.isMissed(Window.at(0, 0, 0), ended, failed)).isEqualTo(missed);
        assertThat(half.isMissed(Window.at(0, 5000, 4000), 5000 + ended, 4000 + failed))
                .as("what was before the window does not count")
                .isEqualTo(missed);
    }

    @Test
    void aWindowLastsTenSeconds() {
        Window window = Window.at(-3 * SECOND, 0, 0);
        assertThat(SuccessRate.isOver(window, 7 * SECOND - 1)).isFalse();
        assertThat(SuccessRate.isOver(window, 7 * SECOND)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1.01, Double.NaN})
    void refusesNonsense(double least) {
        assertThatThrownBy(() -> new SuccessRate(least)).isInstanceOf(IllegalArgumentException.class);
    }
}
