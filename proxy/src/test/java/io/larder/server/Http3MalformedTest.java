package io.larder.server;

import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.netty.handler.codec.quic.QuicStreamType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What breaks the rules of HTTP/3 (RFC 9114 §4.1.2, §7, §8), and what is too much. */
class Http3MalformedTest {
    private static final int FRAME_UNEXPECTED = 0x105;
    private static final int MESSAGE_ERROR = 0x10e;
    private static final Handler READ =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));

    private static String[] with(String... more) {
        return request("GET", "/", more);
    }

    static Stream<List<String>> malformedHeads() {
        return Stream.of(
                        new String[] {":method", "GET", ":scheme", "https", ":authority", "localhost"},
                        new String[] {":method", "GET", ":authority", "localhost", ":path", "/"},
                        new String[] {":scheme", "https", ":authority", "localhost", ":path", "/"},
                        new String[] {":method", "GET", ":scheme", "https", ":path", "/"},
                        with(":method", "POST"),
                        with(":unknown", "x"),
                        with("X-Upper", "x"),
                        with("x y", "x"),
                        with("x", "a\nb"),
                        with("x", "a\0b"),
                        with("connection", "close"),
                        with("transfer-encoding", "chunked"),
                        with("keep-alive", "5"),
                        with("upgrade", "h2c"),
                        with("te", "gzip"),
                        with("host", "other.example"),
                        with("content-length", "1x"),
                        request("GET", "no-slash"),
                        request("GET", ""),
                        request("GET", "/a b"))
                .map(List::of);
    }

    @ParameterizedTest
    @MethodSource("malformedHeads")
    void aMalformedRequestIsAStreamError(List<String> head) throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(true, head.toArray(String[]::new));
            assertThat(exchange.resetCode()).isEqualTo(MESSAGE_ERROR);
            assertThat(server.server.nextRejected().status()).isEqualTo(400);
            assertThat(server.server.finished).isEmpty();
            assertThat(client.get("/").answer().status()).as("another stream").isEqualTo("200");
        }
    }

    static Stream<Consumer<Http3Exchange>> wrongContents() {
        return Stream.of(
                exchange -> exchange.head(true, request("POST", "/", "content-length", "5")),
                exchange -> exchange.head(false, request("POST", "/", "content-length", "3"))
                        .data(true, "four"),
                exchange -> exchange.head(false, request("POST", "/", "content-length", "3"))
                        .data(true, "tw"),
                exchange -> exchange.head(false, request("POST", "/"))
                        .data(false, "x")
                        .head(true, ":method", "GET"),
                exchange -> exchange.head(false, request("POST", "/"))
                        .data(false, "x")
                        .head(true, "x", "a\0b"));
    }

    @ParameterizedTest
    @MethodSource("wrongContents")
    void contentThatIsNotWhatWasSaidIsAStreamError(Consumer<Http3Exchange> sending) throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open();
            sending.accept(exchange);
            assertThat(exchange.resetCode()).isEqualTo(MESSAGE_ERROR);
            assertThat(server.server.nextFinished().outcome().complete()).isFalse();
            assertThat(client.get("/").answer().status()).as("another stream").isEqualTo("200");
        }
    }

    @Test
    void whatIsTooMuchIsAnsweredAsByHttp1() throws Exception {
        record Case(String status, List<String> head) {
            Case(String status, String... head) {
                this(status, List.of(head));
            }
        }
        List<Case> cases = List.of(
                new Case("414", request("GET", "/" + "x".repeat(1020))),
                new Case("431", with("x-long", "x".repeat(1023))),
                new Case("431", with("x".repeat(1023), "")),
                new Case("431", many(20)),
                new Case("431", many(60)),
                new Case("413", request("POST", "/", "content-length", "100001")),
                new Case("417", request("POST", "/", "expect", "tea")),
                new Case("501", ":method", "CONNECT", ":authority", "localhost:443"),
                new Case("501", request("TRACE", "/")),
                new Case("400", ":method", "GET", ":scheme", "ftp", ":authority", "localhost", ":path", "/"),
                new Case("400", ":method", "GET", ":scheme", "https", ":authority", "u@localhost", ":path", "/"),
                new Case("400", request("GET", "*")));
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            for (Case each : cases) {
                Http3Exchange.Answer answer = client.open()
                        .head(true, each.head().toArray(String[]::new))
                        .answer();
                assertThat(answer.status()).as(String.join(" ", each.head())).isEqualTo(each.status());
                assertThat(answer.text()).contains("<h1>" + each.status());
                assertThat(server.server.nextRejected().status()).hasToString(each.status());
            }
            assertThat(server.server.finished).isEmpty();
            assertThat(client.get("/").answer().status()).isEqualTo("200");
        }
    }

    private static String[] many(int fields) {
        String[] all = Arrays.copyOf(with(), 8 + 2 * fields);
        for (int i = 0; i < fields; i++) {
            all[8 + 2 * i] = "x-" + i;
            all[9 + 2 * i] = "y";
        }
        return all;
    }

    @Test
    void contentPastTheLimitIsRefused() throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(false, request("POST", "/"));
            exchange.data(true, "x".repeat(100_001));
            assertThat(exchange.answer().status()).isEqualTo("413");
        }
    }

    /** Frames, kinds of streams and the code that the connection is closed with for them. */
    record Breach(String name, QuicStreamType type, int code, List<Integer> octets) {
        Breach(String name, QuicStreamType type, int code, int... octets) {
            this(name, type, code, Arrays.stream(octets).boxed().toList());
        }

        @Override
        public String toString() {
            return name;
        }

        byte[] bytes() {
            byte[] all = new byte[octets.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = octets.get(i).byteValue();
            }
            return all;
        }
    }

    static Stream<Breach> breaches() {
        QuicStreamType both = QuicStreamType.BIDIRECTIONAL;
        QuicStreamType one = QuicStreamType.UNIDIRECTIONAL;
        return Stream.of(
                new Breach("DATA before HEADERS, §4.1", both, FRAME_UNEXPECTED, 0, 1, 'x'),
                new Breach("SETTINGS on a request, §7.2.4", both, FRAME_UNEXPECTED, 4, 0),
                new Breach("a frame of HTTP/2, §7.2.8", both, FRAME_UNEXPECTED, 6, 0),
                new Breach("a second control stream, §6.2.1", one, 0x103, 0, 4, 0),
                new Breach("a stream that pushes, §6.2.2", one, 0x103, 1, 0),
                new Breach("a head that refers to no table, RFC 9204 §2.2", both, 0x200, 1, 3, 5, 0, 0x80));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void whatBreaksTheConnectionEndsIt(Breach breach) throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            assertThat(client.get("/").answer().status()).isEqualTo("200");
            client.raw(breach.type()).octets(breach.bytes());
            assertThat(client.closingCode()).isEqualTo(breach.code());
        }
    }

    /** RFC 9114 §7.1: what of a frame has come is not all of it. */
    @Test
    void aStreamThatEndsInsideAFrameEndsTheConnection() throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange raw = client.raw(QuicStreamType.BIDIRECTIONAL);
            byte[] authority = "localhost".getBytes(StandardCharsets.US_ASCII);
            byte[] head = new byte[] {1, 16, 0, 0, (byte) 0xc0 | 20, (byte) 0xc0 | 23, (byte) 0xc0 | 1, 0x50, 9};
            byte[] all = Arrays.copyOf(head, head.length + authority.length + 4);
            System.arraycopy(authority, 0, all, head.length, authority.length);
            all[all.length - 4] = 0; // DATA of 9 octets, of which 2 come
            all[all.length - 3] = 9;
            all[all.length - 2] = 'a';
            all[all.length - 1] = 'b';
            raw.octets(all).end();
            assertThat(client.closingCode()).isEqualTo(0x106);
            assertThat(server.server.nextFinished().outcome().complete()).isFalse();
        }
    }
}
