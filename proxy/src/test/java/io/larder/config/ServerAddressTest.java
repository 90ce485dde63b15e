package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:8000", "[::1]:80", "app.internal:65535", "unix:/run/app.sock", "unix:/run/a b:1"})
    void isWrittenAsItIsRead(String text) {
        assertThat(ServerAddress.parse(text)).hasToString(text).isEqualTo(ServerAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "app", "app:0", "app:65536", "http://app:80", "/run/app.sock"})
    void whatIsNoAddressIsNone(String text) {
        assertThat(ServerAddress.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:", "unix:app.sock", "unix://run/../a\0b"})
    void aSocketHasAPathOfItsOwn(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("app.sock", "run");
    }
}
