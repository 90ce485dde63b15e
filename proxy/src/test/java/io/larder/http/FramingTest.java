package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the end of a message is found, or why not (RFC 9112 §6.3). */
class FramingTest {
    private static final Framing NONE = new Framing.None();
    private static final Framing CHUNKED = new Framing.Chunked();
    private static final Framing CLOSE = new Framing.UntilClose();

    private static Headers headers(String lines) {
        HeadersBuilder headers = Headers.builder();
        for (String line : lines.split("\\|", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return headers.build();
    }

    static List<Arguments> requests() {
        return List.of(
                Arguments.of(1, "", NONE),
                Arguments.of(0, "", NONE),
                Arguments.of(1, "Content-Length:0", NONE),
                Arguments.of(1, "Content-Length:5", new Framing.Exactly(5)),
                Arguments.of(0, "Content-Length:005", new Framing.Exactly(5)),
                Arguments.of(1, "content-length:999999999999999999", new Framing.Exactly(999_999_999_999_999_999L)),
                Arguments.of(1, "Transfer-Encoding:chunked", CHUNKED),
                Arguments.of(1, "transfer-encoding:ChUnKeD", CHUNKED),
                Arguments.of(1, "Content-Length:1000000000000000000", 400),
                Arguments.of(1, "Content-Length:1|Content-Length:1", 400),
                Arguments.of(1, "Content-Length:1|Transfer-Encoding:chunked", 400),
                Arguments.of(1, "Content-Length:1|Transfer-Encoding:gzip", 400),
                Arguments.of(0, "Transfer-Encoding:chunked", 400),
                Arguments.of(1, "Transfer-Encoding:gzip, chunked", 400),
                Arguments.of(1, "Transfer-Encoding:chunked|Transfer-Encoding:chunked", 400),
                Arguments.of(1, "Transfer-Encoding:", 400),
                Arguments.of(1, "Transfer-Encoding:g zip", 400),
                Arguments.of(1, "Transfer-Encoding:gzip", 501),
                Arguments.of(1, "Transfer-Encoding:gzip|Transfer-Encoding:br", 501));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void ofRequests(int minor, String lines, Object expected) {
        assertThat(outcome(() -> Framing.ofRequest(new RequestHead("POST", "/", minor, headers(lines)))))
                .isEqualTo(expected);
    }

    static List<Arguments> responses() {
        return List.of(
                Arguments.of("GET", 200, 1, "", false, CLOSE),
                Arguments.of("HEAD", 200, 1, "Content-Length:5", false, NONE),
                Arguments.of("HEAD", 200, 1, "Transfer-Encoding:chunked", false, NONE),
                Arguments.of("GET", 204, 1, "Content-Length:5", false, NONE),
                Arguments.of("GET", 304, 1, "Content-Length:5", false, NONE),
                Arguments.of("GET", 103, 1, "Content-Length:5", false, NONE),
                Arguments.of("GET", 200, 1, "Content-Length:5", false, new Framing.Exactly(5)),
                Arguments.of("GET", 200, 1, "Content-Length:5|Transfer-Encoding:chunked", false, CHUNKED),
                Arguments.of("GET", 200, 1, "Content-Length:5|Content-Length:6", false, 502),
                Arguments.of("GET", 200, 1, "Content-Length:x", false, 502),
                Arguments.of("GET", 200, 1, "Transfer-Encoding:gzip", false, 502),
                Arguments.of("GET", 200, 1, "Transfer-Encoding:gzip", true, CLOSE),
                Arguments.of("GET", 200, 0, "Transfer-Encoding:chunked", false, 502),
                Arguments.of("GET", 200, 0, "Transfer-Encoding:chunked", true, CLOSE));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void ofResponses(String method, int status, int minor, String lines, boolean toClose, Object expected) {
        ResponseHead head = new ResponseHead(status, "", minor, headers(lines));
        assertThat(outcome(() -> Framing.ofResponse(method, head, toClose))).isEqualTo(expected);
    }

    private interface Judgement {
        Framing make() throws Malformed;
    }

    private static Object outcome(Judgement judgement) {
        try {
            return judgement.make();
        } catch (Malformed refused) {
            return refused.status();
        }
    }
}
