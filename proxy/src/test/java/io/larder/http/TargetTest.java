package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request targets and authorities (RFC 9112 §3.2, RFC 9110 §4.2, §7.2). */
class TargetTest {
    private static final Authority HOST = new Authority("host.example", Authority.NO_PORT);

    @ParameterizedTest
    @CsvSource({
        "GET, /, http://host.example/",
        "GET, /a?, http://host.example/a?",
        "GET, //a/../b, http://host.example//a/../b",
        "GET, /a?b?c, http://host.example/a?b?c",
        "GET, http://A.example, http://a.example/",
        "GET, HTTP://a.example:8080/x, http://a.example:8080/x",
        "GET, https://a.example/x, http://a.example/x",
        "GET, http://a.example?q, http://a.example/?q",
        "GET, http://[::1]:80/, http://[::1]:80/",
        "OPTIONS, *, http://host.example",
        "OPTIONS, http://a.example, http://a.example",
        "OPTIONS, http://a.example/, http://a.example/",
    })
    void isReadInEveryForm(String method, String raw, String uri) throws Malformed {
        assertThat(Target.parse(method, raw, "http", HOST).uri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "a",
                "a:80",
                "?q",
                "http:",
                "http:/",
                "http://",
                "http:///",
                "http://@a/",
                "ftp://a/",
                "http://a:b/"
            })
    void otherFormsAreRefused(String raw) {
        assertThatThrownBy(() -> Target.parse("GET", raw, "http", HOST))
                .isInstanceOfSatisfying(
                        Malformed.class, refused -> assertThat(refused.status()).isEqualTo(400));
    }

    @Test
    void theOriginFormIsKeptByteForByte() throws Malformed {
        String raw = "/%2e%2E/%00;a=b//?%0d%0a&x=%";
        assertThat(Target.parse("GET", raw, "http", HOST).pathAndQuery()).isEqualTo(raw);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "A.B, a.b",
        "a:80, a:80",
        "a:, a",
        "a:00080, a:80",
        "a-b_c~d.e., a-b_c~d.e",
        "127.0.0.1:1, 127.0.0.1:1",
        "[::], [::]",
        "[::1]:8, [::1]:8",
        "[1:2:3:4:5:6:7:8], [1:2:3:4:5:6:7:8]",
        "[1::8], [1::8]",
        "[FE80::A], [fe80::a]",
        "[::ffff:1.2.3.4], [::ffff:1.2.3.4]",
        "[1:2:3:4:5:6:1.2.3.4], [1:2:3:4:5:6:1.2.3.4]",
        "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7::]",
    })
    void authoritiesAreReadAndLowered(String text, String expected) {
        assertThat(Authority.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "a:b",
                "a:0",
                "a:65536",
                "a:123456",
                "a:-1",
                "a:+1",
                "a b",
                "a,b",
                "u@a",
                "a/",
                "a%41",
                "::1",
                "[",
                "[]",
                "[::1",
                "[::1]]",
                "[::1]a",
                "[:]",
                "[:::]",
                "[1]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4:5:6:7:8::]",
                "[::1::]",
                "[12345::]",
                "[::1.2.3]",
                "[::1.2.3.4.5]",
                "[::256.1.1.1]",
                "[::01.1.1.1]",
                "[::1.2.3.4:5]",
                "[::1%eth0]",
                "[v1.a]",
                "\uff11",
                "[::\uff11]",
                "a\u0000"
            })
    void whatIsNoAuthorityIsRefused(String text) {
        assertThat(Authority.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"http, a:80, a", "https, a:443, a", "http, a:443, a:443", "https, a, a"})
    void theImpliedPortIsDropped(String scheme, String text, String expected) {
        Authority authority = Objects.requireNonNull(Authority.parse(text));
        assertThat(authority.normalised(scheme)).hasToString(expected);
    }
}
