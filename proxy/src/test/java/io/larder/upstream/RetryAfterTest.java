package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1999-12-31T23:59:00Z");

    // RFC 9110 §10.2.3
    @ParameterizedTest
    @CsvSource({
        "120, 120",
        "0,",
        ",",
        "'',",
        "-1,",
        "1.5,",
        "soon,",
        "'Fri, 31 Dec 1999 23:59:59 GMT', 59",
        "'Fri, 31 Dec 1999 23:58:59 GMT',",
        "99999999999999999999, 999999999"
    })
    void saysHowLong(@Nullable String value, @Nullable Long seconds) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }
}
