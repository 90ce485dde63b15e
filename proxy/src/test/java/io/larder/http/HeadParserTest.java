package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadParserTest {
    private static final HeadLimits LIMITS = new HeadLimits(64, 32, 128, 4);

    private static RequestHead request(String text) throws Malformed {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeadParser.request(bytes, 0, bytes.length, LIMITS);
    }

    private static ResponseHead response(String text) throws Malformed {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeadParser.response(bytes, 0, bytes.length, LIMITS);
    }

    private static int refusal(String text) {
        try {
            request(text);
            return 0;
        } catch (Malformed refused) {
            assertThat(refused.reason()).isNotEmpty();
            return refused.status();
        }
    }

    @Test
    void readsWhatStandsThere() throws Malformed {
        RequestHead head = request("M-SEARCH /a?b HTTP/1.0\r\nhOst:a\r\nX:\t b c\u00e9 \t\r\nE:\r\nhost: b\r\n\r\n");
        assertThat(head.method()).isEqualTo("M-SEARCH");
        assertThat(head.target()).isEqualTo("/a?b");
        assertThat(head.minor()).isZero();
        assertThat(head.headers().all(Fields.HOST)).containsExactly("a", "b");
        assertThat(head.headers().name(0)).isEqualTo("hOst");
        assertThat(head.headers().value(1)).isEqualTo("b c\u00e9");
        assertThat(head.headers().value(2)).isEmpty();
    }

    @Test
    void readsFromTheMiddleOfAnArray() throws Malformed {
        byte[] bytes = "xxGET / HTTP/1.1\r\nA: b\r\n\r\nyy".getBytes(StandardCharsets.US_ASCII);
        assertThat(HeadParser.request(bytes, 2, bytes.length - 2, LIMITS).headers())
                .isEqualTo(Headers.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "50, 0", "51, 414", // of the target, in a request line of at most 64
    })
    void theRequestLineHasALimit(int length, int status) {
        assertThat(refusal("GET /" + "x".repeat(length) + " HTTP/1.1\r\n\r\n")).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"29, 1, 0", "30, 1, 431", "27, 4, 0", "0, 4, 0", "0, 5, 431"})
    void fieldsHaveLimits(int length, int lines, int status) {
        String line = "X: " + "a".repeat(length) + "\r\n";
        assertThat(refusal("GET / HTTP/1.1\r\n" + line.repeat(lines) + "\r\n")).isEqualTo(status);
    }

    @Test
    void allFieldsTogetherHaveALimit() throws Malformed {
        HeadLimits tight = new HeadLimits(64, 32, 60, 10);
        byte[] bytes = ("GET / HTTP/1.1\r\n" + "X: 0123456789012345678901234\r\n".repeat(3) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> HeadParser.request(bytes, 0, bytes.length, tight))
                .isInstanceOfSatisfying(
                        Malformed.class, refused -> assertThat(refused.status()).isEqualTo(431));
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, 200, OK",
        "HTTP/1.1 200, 200, ''",
        "'HTTP/1.1 200 ', 200, ''",
        "HTTP/1.0 404 Not  Found, 404, Not  Found",
        "HTTP/1.1 599 \u00e9, 599, \u00e9",
    })
    void readsStatusLines(String line, int status, String reason) throws Malformed {
        ResponseHead head = response(line + "\r\n\r\n");
        assertThat(head.status()).isEqualTo(status);
        assertThat(head.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1",
        "HTTP/1.1 20",
        "HTTP/1.1 2000",
        "HTTP/1.1 099 x",
        "HTTP/1.1 600 x",
        "HTTP/1.1  200 OK",
        "HTTP/2.0 200 OK",
        "ICY 200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1 2x0 OK",
        "HTTP/1.1 200OK",
        "200 OK",
        "<html>",
    })
    void refusesWhatIsNoStatusLine(String line) {
        assertThatThrownBy(() -> response(line + "\r\n\r\n")).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesControlsInAReason() {
        for (String reason : new String[] {"a\0b", "a\rb", "a\u007fb"}) {
            assertThatThrownBy(() -> response("HTTP/1.1 200 " + reason + "\r\n\r\n"))
                    .isInstanceOf(Malformed.class);
        }
    }

    /** Total: whatever the bytes, it answers or says why not; and what it answers is written as it was read. */
    @Test
    void survivesNoise() throws Malformed {
        Random random = new Random(7);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n");
            for (int i = random.nextInt(3); i >= 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            try {
                RequestHead head = HeadParser.request(bytes, 0, bytes.length, LIMITS);
                String again = head.method() + " " + head.target() + " HTTP/1." + head.minor() + "\r\n" + head.headers()
                        + "\r\n";
                assertThat(request(again)).isEqualTo(head);
                accepted++;
            } catch (Malformed refused) {
                assertThat(refused.status()).isIn(400, 414, 431, 505);
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }
}
