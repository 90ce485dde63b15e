package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenListTest {
    @ParameterizedTest
    @CsvSource({
        "close, true", "Close, true", "'keep-alive, close', true", "',,\tclose ,', true", "close;q=1, true",
                "'close ; x', true",
        "'', false", "closed, false", "xclose, false", "'clo se', false", "'x close', false", "'close x', false",
    })
    void findsElements(String value, boolean there) {
        Headers headers = Headers.of("Connection", "x", "Connection", value);
        assertThat(TokenList.contains(headers, Fields.CONNECTION, "close")).isEqualTo(there);
    }

    @Test
    void trailersKeepOnlyWhatMayBeThere() {
        Headers all = Headers.of(
                "X-Sum", "1", "host", "a", "Content-Length", "1", "TRANSFER-ENCODING", "x", "Server-Timing", "a");
        assertThat(Trailers.allowed(all)).isEqualTo(Headers.of("X-Sum", "1", "Server-Timing", "a"));
    }
}
