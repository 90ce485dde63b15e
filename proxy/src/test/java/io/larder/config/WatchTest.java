package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.Watch.Probe;
import io.larder.config.Watch.StatusRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchTest {
    private static final Probe PROBE =
            new Probe("/", null, List.of(new StatusRange(200, 200), new StatusRange(300, 399)));

    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "201, false", "299, false", "300, true", "399, true", "400, false"})
    void aStatusWithinARangeIsGood(int status, boolean good) {
        assertThat(PROBE.expects(status)).isEqualTo(good);
    }

    @ParameterizedTest
    @CsvSource({"99, 200", "200, 600", "201, 200"})
    void whatIsNoRangeIsRefused(int first, int last) {
        assertThatThrownBy(() -> new StatusRange(first, last)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAnswerThatNothingCanBeIsRefused() {
        assertThatThrownBy(() -> new Probe("/", null, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
