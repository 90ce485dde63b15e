package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPositionTest {
    @ParameterizedTest
    @ValueSource(strings = {"0-0", "0-1", "1732270000000-0", "1732270000000-1048575", "8796093022207-5"})
    void anIdComesBack(String id) {
        assertThat(LogPosition.id(LogPosition.of(id))).isEqualTo(id);
    }

    @Test
    void orderIsKept() {
        assertThat(LogPosition.of("1732270000000-9")).isLessThan(LogPosition.of("1732270000000-10"));
        assertThat(LogPosition.of("1732270000000-1048575")).isLessThan(LogPosition.of("1732270000001-0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "a-0", "1-", "-1", "1-1048576", "9223372036854775807-0"})
    void whatIsNoneIsRefused(String id) {
        assertThatThrownBy(() -> LogPosition.of(id)).isInstanceOf(IllegalArgumentException.class);
    }
}
