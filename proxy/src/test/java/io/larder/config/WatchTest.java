package io.larder.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.Watch.Probe;
import io.larder.config.Watch.StatusRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchTest {
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
