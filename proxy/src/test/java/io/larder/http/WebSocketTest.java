package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which handshakes are made, and which answers complete them (RFC 6455 §4; RFC 9110 §7.8). */
class WebSocketTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** Lines of fields, a semicolon between them. */
    private static Headers headers(String text) {
        HeadersBuilder all = Headers.builder();
        for (String line : text.split(";", -1)) {
            int colon = line.indexOf(':');
            all.add(
                    FieldName.of(line.substring(0, colon).strip()),
                    line.substring(colon + 1).strip());
        }
        return all.build();
    }

    @Test
    void theExampleOfTheRfc() {
        assertThat(WebSocket.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455 §1.3
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Key: k             | true  | RFC 6455 4.1",
                "GET  | Upgrade: WebSocket; Connection: keep-alive, upgrade; Sec-WebSocket-Key: k | true  | RFC 9110 7.8: case-insensitive",
                "GET  | Upgrade: websocket; Sec-WebSocket-Key: k                                  | false | RFC 9110 7.8: nominated in Connection",
                "GET  | Upgrade: websocket; Connection: Upgrade                                   | false | RFC 6455 4.1: a key",
                "POST | Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Key: k             | false | RFC 6455 4.1: GET",
                "GET  | Upgrade: h2c; Connection: Upgrade; Sec-WebSocket-Key: k                   | false | RFC 9113 3.1",
                "GET  | Upgrade: h2c, websocket; Connection: Upgrade; Sec-WebSocket-Key: k        | false | a choice is not passed on",
                "GET  | Upgrade: TLS/1.0; Connection: Upgrade; Sec-WebSocket-Key: k               | false | RFC 2817",
                "GET  | Connection: Upgrade; Sec-WebSocket-Key: k                                 | false | RFC 9110 7.8"
            })
    void whatIsAskedFor(String method, String fields, boolean asked, String source) {
        assertThat(WebSocket.asked(method, headers(fields)) != null).as(source).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= | true",
                "Upgrade: h2c; Connection: Upgrade; Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=       | false",
                "Upgrade: websocket; Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=                      | false",
                "Upgrade: websocket; Connection: Upgrade; Sec-WebSocket-Accept: c3pPLMBiTxaQ9kYGzzhZRbK+xOo= | false",
                "Upgrade: websocket; Connection: Upgrade                                                     | false"
            })
    void whatAcceptsIt(String fields, boolean accepted) {
        Headers asked = headers("Sec-WebSocket-Key: " + KEY);
        assertThat(WebSocket.isAccepted(asked, headers(fields))).isEqualTo(accepted);
    }
}
