package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.Telemetry;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManualLoop loop = new ManualLoop();

    private static Request request(String pathAndQuery, String... fields) {
        return Request.get(Target.of("https", "shop.example:8443", pathAndQuery), Headers.of(fields));
    }

    private static String write(LineFormat format, Exchange exchange, Request request, Telemetry.Outcome outcome) {
        Line line = new Line();
        format.write(line, exchange, request, outcome);
        return line.toString();
    }

    @Test
    void jsonOfAHit() {
        loop.advance(Duration.ofMillis(1007));
        Exchange exchange = Exchanges.hit(loop, "product");
        Request request = request("/products/7?q=a", "User-Agent", "curl/8", "Referer", "https://a.example/");
        assertThat(write(new JsonFormat(), exchange, request, Exchanges.outcome(200, 1024, Duration.ofNanos(83_250))))
                .isEqualTo(
                        "{\"time\":\"2026-11-23T12:00:01.007Z\",\"id\":\"0000000000000001\",\"client\":\"192.0.2.7\","
                                + "\"method\":\"GET\",\"scheme\":\"https\",\"host\":\"shop.example:8443\","
                                + "\"path\":\"/products/7?q=a\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes\":1024,\"duration_ms\":0.083,"
                                + "\"site\":\"shop\",\"route\":\"product\",\"cache\":\"hit\",\"reason\":\"fresh\","
                                + "\"referer\":\"https://a.example/\",\"user_agent\":\"curl/8\"}\n");
    }

    @Test
    void jsonOfAFailedMiss() {
        Exchange exchange = Exchanges.of(loop, -2);
        exchange.journal().routed("shop", "all");
        exchange.journal().cached("miss", "absent");
        exchange.journal().attempted("app", "127.0.0.1:8000");
        exchange.journal().attempted("app", "127.0.0.1:8001");
        exchange.journal().responded("app", "127.0.0.1:8001", 12_345_678);
        exchange.journal().failed(new Failure(Failure.Kind.CONNECTION_REFUSED, "no \"one\" there"));
        assertThat(write(new JsonFormat(), exchange, request("/"), Exchanges.outcome(502, 0, Duration.ofSeconds(2))))
                .isEqualTo(
                        "{\"time\":\"2026-11-23T12:00:00.000Z\",\"id\":\"fffffffffffffffe\",\"client\":\"192.0.2.7\","
                                + "\"method\":\"GET\",\"scheme\":\"https\",\"host\":\"shop.example:8443\",\"path\":\"/\","
                                + "\"protocol\":\"HTTP/1.1\",\"status\":502,\"bytes\":0,\"duration_ms\":2000.000,\"site\":\"shop\",\"route\":\"all\","
                                + "\"cache\":\"miss\",\"reason\":\"absent\",\"upstream\":\"app\",\"server\":\"127.0.0.1:8001\","
                                + "\"attempts\":2,\"upstream_ms\":12.345,"
                                + "\"error\":\"connection_refused: no \\\"one\\\" there\"}\n");
    }

    @Test
    void combined() {
        Request request = request("/a?b=c", "User-Agent", "Mozilla/5.0 (X11)", "Referer", "https://a.example/");
        String line = write(
                new CombinedFormat(),
                Exchanges.hit(loop, "a"),
                request,
                Exchanges.outcome(200, 512, Duration.ofMillis(1)));
        assertThat(line)
                .isEqualTo("192.0.2.7 - - [23/Nov/2026:12:00:00 +0000] \"GET /a?b=c HTTP/1.1\" 200 512"
                        + " \"https://a.example/\" \"Mozilla/5.0 (X11)\"\n");
    }

    @Test
    void combinedWritesDashesForWhatIsNotThere() {
        String line = write(
                new CombinedFormat(),
                Exchanges.hit(loop, "a"),
                request("/"),
                Exchanges.outcome(304, 0, Duration.ofMillis(1)));
        assertThat(line).endsWith("\"GET / HTTP/1.1\" 304 - \"-\" \"-\"\n");
    }

    @Test
    void anIncompleteDeliveryIsAnError() {
        Telemetry.Outcome cut = new Telemetry.Outcome(200, 10, 0, 1, false);
        assertThat(write(new JsonFormat(), Exchanges.hit(loop, "a"), request("/"), cut))
                .contains("\"error\":\"connection_terminated: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "combined"})
    void credentialsAreNeverLogged(String format) {
        Request request = request(
                "/",
                "Authorization",
                "Bearer s3cret",
                "Cookie",
                "sid=s3cret",
                "Proxy-Authorization",
                "Basic s3cret",
                "X-Api-Key",
                "s3cret");
        LineFormat lines = format.equals("json") ? new JsonFormat() : new CombinedFormat();
        assertThat(write(lines, Exchanges.hit(loop, "a"), request, Exchanges.outcome(200, 1, Duration.ofMillis(1))))
                .doesNotContain("s3cret");
    }

    static Stream<Arguments> escapes() {
        return Stream.of(
                Arguments.of("a\"b", "a\\\"b", "a\\\"b"),
                Arguments.of("a\\b", "a\\\\b", "a\\\\b"),
                Arguments.of("a\rb\nc", "a\\u000db\\u000ac", "a\\x0db\\x0ac"),
                Arguments.of("\u001b[2J", "\\u001b[2J", "\\x1b[2J"),
                Arguments.of("\u009b2J", "\\u009b2J", "\\x9b2J"),
                Arguments.of("\u007f\u0000", "\\u007f\\u0000", "\\x7f\\x00"),
                Arguments.of("caf\u00e9", "caf\\u00e9", "caf\\xe9"),
                Arguments.of("\u2028", "\\u2028", "\\xff"));
    }

    /** A field value cannot hold CR or LF (RFC 9110 §5.5), but a failure's detail or a name might. */
    @ParameterizedTest
    @MethodSource("escapes")
    void whatComesFromOutsideIsEscaped(String text, String json, String combined) {
        assertThat(new Line().json(text).toString()).isEqualTo(json);
        assertThat(new Line().quoted(text).toString()).isEqualTo(combined);
    }

    @Test
    void anyTextSurvivesAsOneLineOfValidJson() throws Exception {
        Random random = new Random(20261123);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x100 : 0xd800));
            }
            String route = text.toString();
            String line = write(
                    new JsonFormat(),
                    Exchanges.hit(loop, route),
                    request("/"),
                    Exchanges.outcome(200, 1, Duration.ofMillis(1)));
            JsonNode parsed = JSON.readTree(line);
            assertThat(parsed.get("route").textValue()).isEqualTo(route);
            assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
            assertThat(line.chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
        }
    }

    @Test
    void longValuesAreCut() {
        Request request = request("/" + "x".repeat(20_000), "User-Agent", "\u00ff".repeat(9000));
        String line = write(
                new JsonFormat(), Exchanges.hit(loop, "a"), request, Exchanges.outcome(200, 1, Duration.ofMillis(1)));
        assertThat(line).hasSizeLessThan(Line.LONGEST * 8).endsWith("\"}\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 1234567890123456789L, Long.MAX_VALUE})
    void numbers(long value) {
        assertThat(new Line().number(value).toString()).isEqualTo(Long.toString(value));
    }
}
