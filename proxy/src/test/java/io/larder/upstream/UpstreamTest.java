package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static io.larder.upstream.Rig.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Source;
import io.larder.netty.Transport;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Script;
import io.larder.upstream.Rig.Result;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server may do to us, on real sockets: what the client gets, and that the next request is unharmed. */
class UpstreamTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** What a row expects of the first request. */
    record Expected(
            int status, @Nullable Kind failure, @Nullable Kind bodyFailure, String body, boolean reused) {
        static Expected whole(String body, boolean reused) {
            return new Expected(200, null, null, body, reused);
        }

        static Expected whole(int status, String body, boolean reused) {
            return new Expected(status, null, null, body, reused);
        }

        static Expected failed(Kind kind) {
            return new Expected(kind.status(), kind, null, "", false);
        }

        static Expected cut(String body, Kind kind) {
            return new Expected(200, null, kind, body, false);
        }

        /** Who does not expect to wait in vain is given time: a busy machine is no fault of a server. */
        Rig.Group timed(Rig.Group settings) {
            boolean inVain = isTimeout(failure) || isTimeout(bodyFailure);
            Duration wait = Duration.ofSeconds(20);
            return inVain ? settings : Rig.with(settings, new UpstreamSettings.Timeouts(wait, wait, wait, wait));
        }

        private static boolean isTimeout(@Nullable Kind kind) {
            return kind == Kind.RESPONSE_TIMEOUT || kind == Kind.READ_TIMEOUT;
        }
    }

    private static Script says(String... parts) {
        return wire -> {
            wire.readRequest();
            wire.sendApart(List.of(parts));
            while (wire.readRequest()) {
                wire.send(OK);
            }
        };
    }

    private static Script saysAndCloses(String... parts) {
        return wire -> {
            wire.readRequest();
            wire.sendApart(List.of(parts));
        };
    }

    private static Script saysAndResets(String... parts) {
        return wire -> {
            wire.readRequest();
            wire.sendApart(List.of(parts));
            wire.reset();
        };
    }

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    static Stream<Arguments> faults() {
        return Stream.of(
                row("plain", says(OK), Expected.whole("ok", true)),
                row("chunked", says(CHUNKED + "2\r\nok\r\n0\r\n\r\n"), Expected.whole("ok", true)),
                row(
                        "chunked, in pieces",
                        says(CHUNKED, "2\r", "\no", "k\r\n0", "\r\n\r\n"),
                        Expected.whole("ok", true)),
                row("to the close", saysAndCloses("HTTP/1.1 200 OK\r\n\r\n", "o", "k"), Expected.whole("ok", false)),
                row(
                        "Connection: close",
                        says("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
                        Expected.whole("ok", false)),
                row("HTTP/1.0", says("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), Expected.whole("ok", false)),
                row(
                        "HTTP/1.0 keep-alive",
                        says("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok"),
                        Expected.whole("ok", true)),
                // 9112 6.3, 8
                row("no answer, closed", saysAndCloses(), Expected.failed(Kind.CONNECTION_TERMINATED)),
                row("no answer, reset", saysAndResets(), Expected.failed(Kind.CONNECTION_TERMINATED)),
                row(
                        "half a head, closed",
                        saysAndCloses("HTTP/1.1 200 OK\r\nA"),
                        Expected.failed(Kind.RESPONSE_INCOMPLETE)),
                row("silent", wire -> wire.awaitClose(), Expected.failed(Kind.RESPONSE_TIMEOUT)),
                row("head drips", UpstreamTest::drip, Expected.failed(Kind.RESPONSE_TIMEOUT)),
                row(
                        "length, then closed",
                        saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE)),
                row(
                        "length, then reset",
                        saysAndResets("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE)),
                row(
                        "to the close, but reset",
                        saysAndResets("HTTP/1.1 200 OK\r\n\r\nok"),
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE)),
                row(
                        "length, then silence",
                        wire -> {
                            wire.readRequest();
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok");
                            wire.awaitClose();
                        },
                        Expected.cut("ok", Kind.READ_TIMEOUT)),
                row(
                        "in a chunk, closed",
                        saysAndCloses(CHUNKED + "9\r\nok"),
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE)),
                row(
                        "before the last chunk",
                        saysAndCloses(CHUNKED + "2\r\nok\r\n"),
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE)),
                row(
                        "bad chunk later",
                        says(CHUNKED + "2\r\nok\r\n", "zz\r\n"),
                        Expected.cut("ok", Kind.PROTOCOL_ERROR)),
                row("bad chunk at once", says(CHUNKED + "zz\r\n"), Expected.failed(Kind.PROTOCOL_ERROR)),
                // status line and head
                row("garbage", says("garbage\r\n"), Expected.failed(Kind.PROTOCOL_ERROR)),
                row("HTTP/0.9", saysAndCloses("<html>hello</html>"), Expected.failed(Kind.PROTOCOL_ERROR)),
                row("status 20", says("HTTP/1.1 20 OK\r\n\r\n"), Expected.failed(Kind.PROTOCOL_ERROR)),
                row("NUL in a field", says("HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"), Expected.failed(Kind.PROTOCOL_ERROR)),
                row("folded", says("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"), Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "huge field",
                        says("HTTP/1.1 200 OK\r\nA: " + "x".repeat(70_000) + "\r\n\r\n"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "huge head",
                        says("HTTP/1.1 200 OK\r\n" + ("A: " + "x".repeat(9000) + "\r\n").repeat(30) + "\r\n"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "head without end",
                        says("HTTP/1.1 200 OK\r\n" + "A: bcd\r\n".repeat(50_000)),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "20 000 fields",
                        says("HTTP/1.1 200 OK\r\n" + "A:\r\n".repeat(20_000) + "\r\n"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                // 9112 6.3: framing
                row(
                        "two lengths",
                        says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "length and chunked",
                        says(
                                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
                        Expected.whole("ok", false)),
                row(
                        "unknown coding",
                        says("HTTP/1.1 200 OK\r\nTransfer-Encoding: junk\r\n\r\nok"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row(
                        "bytes after the end",
                        says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"),
                        Expected.whole("ok", false)),
                row(
                        "a second response",
                        says(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
                        Expected.whole("ok", false)),
                row(
                        "a second response later",
                        says(OK, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
                        Expected.whole("ok", false)),
                row(
                        "a late 408",
                        says(OK, "HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n"),
                        Expected.whole("ok", false)),
                row(
                        "304 with a body",
                        says("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil"),
                        Expected.whole(304, "", false)),
                row("204 with a body", says("HTTP/1.1 204 No Content\r\n\r\nevil"), Expected.whole(204, "", false)),
                row(
                        "204 with a length",
                        says("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", "evil"),
                        Expected.whole(204, "", false)),
                // 9110 15.2
                row("100 unasked", says("HTTP/1.1 100 Continue\r\n\r\n" + OK), Expected.whole("ok", true)),
                row(
                        "101 unasked",
                        says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
                        Expected.failed(Kind.PROTOCOL_ERROR)),
                row("20 interims", says("HTTP/1.1 102 Processing\r\n\r\n".repeat(20) + OK), Expected.whole("ok", true)),
                row(
                        "1xx flood",
                        says("HTTP/1.1 102 Processing\r\n\r\n".repeat(1000)),
                        Expected.failed(Kind.PROTOCOL_ERROR)));
    }

    private static Arguments row(String name, Script script, Expected expected) {
        return Arguments.of(name, script, expected);
    }

    private static void drip(ScriptedOrigin.Wire wire) throws IOException, InterruptedException {
        wire.readRequest();
        wire.send("HTTP/1.1 200 OK\r\nA: ");
        for (int i = 0; i < 200; i++) {
            wire.send("x");
            wire.pause(20);
        }
        wire.send("\r\n\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void whatAServerDoes(String name, Script script, Expected expected) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(script);
                Rig rig = new Rig(expected.timed(Rig.settings(origin.address())))) {
            Result first = rig.ask(get("/first"));
            assertThat(first.status()).as(name).isEqualTo(expected.status());
            assertThat(first.failure() == null ? null : first.failure().kind()).isEqualTo(expected.failure());
            assertThat(first.bodyFailure() == null ? null : first.bodyFailure().kind())
                    .isEqualTo(expected.bodyFailure());
            assertThat(first.body()).isEqualTo(expected.body());
            origin.now(ScriptedOrigin.always(OK));
            if (!expected.reused()) {
                rig.await(stats -> stats.connections() == 0);
            }
            Result next = rig.ask(get("/next"));
            assertThat(next.body()).as("the next request's answer").isEqualTo("ok");
            assertThat(origin.connections()).as("connections").isEqualTo(expected.reused() ? 1 : 2);
            ServerStats after = rig.await(stats -> stats.inFlight() == 0);
            assertThat(after.pending()).isZero();
        }
    }

    @Test
    void refused() throws Exception {
        int port;
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {})) {
            port = origin.port();
        }
        try (Rig rig = new Rig(Rig.settings(new InetSocketAddress("127.0.0.1", port)))) {
            Result result = rig.ask(post("/", "x"));
            assertThat(result.failure()).isNotNull();
            assertThat(result.failed().kind()).isEqualTo(Kind.CONNECTION_REFUSED);
            assertThat(result.failed().isUnsent()).isTrue();
            assertThat(rig.stats().connections()).isZero();
            assertThat(rig.stats().failures()).containsEntry(Kind.CONNECTION_REFUSED, 1L);
        }
    }

    @Test
    void unresolvedAddress() throws Exception {
        try (Rig rig = new Rig(Rig.settings(InetSocketAddress.createUnresolved("no.such.host.invalid", 80)))) {
            Result result = rig.ask(get("/"));
            assertThat(result.failed().kind()).isEqualTo(Kind.DNS_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void writesRequestsAsTheyAre(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                Rig rig = new Rig(Rig.settings(origin.address()), transport)) {
            rig.ask(get("/a%2f?q=%20'"));
            rig.ask(post("/p", "body"));
            rig.ask(Rig.request("POST", "/e", Body.none()));
            rig.ask(Rig.request("DELETE", "/d", Body.none()));
            assertThat(origin.requests())
                    .containsExactly(
                            "GET /a%2f?q=%20' HTTP/1.1\r\nHost: a.example\r\n\r\n",
                            "POST /p HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody",
                            "POST /e HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n",
                            "DELETE /d HTTP/1.1\r\nHost: a.example\r\n\r\n");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** RFC 9112 §3.2: an HTTP/1.1 request has a Host; who asks for an upstream's own leaves it to us. */
    @Test
    void aRequestWithoutHostGetsTheServersAddress() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            rig.ask(get("/a").withHeaders(Headers.of("Accept", "text/html")));
            assertThat(origin.requests())
                    .containsExactly(
                            "GET /a HTTP/1.1\r\nHost: localhost:" + origin.port() + "\r\nAccept: text/html\r\n\r\n");
        }
    }

    @Test
    void aTargetThatWouldSplitTheMessageIsNeverSent() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Result result = rig.ask(get("/a HTTP/1.1\r\nX: y\r\n\r\nGET /b"));
            assertThat(result.failed().kind()).isEqualTo(Kind.INTERNAL);
            assertThat(origin.requests()).isEmpty();
        }
    }

    @Test
    void unknownCodingIsReadToTheCloseWhereThatIsAllowed() throws Exception {
        UpstreamSettings.Responses lenient =
                new UpstreamSettings.Responses(UpstreamSettings.Responses.DEFAULT.limits(), true);
        try (ScriptedOrigin origin =
                        ScriptedOrigin.play(saysAndCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: junk\r\n\r\nok"));
                Rig rig = new Rig(Rig.with(Rig.settings(origin.address()), lenient))) {
            Result result = rig.ask(get("/"));
            assertThat(result.body()).isEqualTo("ok");
            assertThat(result.bodyFailure()).isNull();
            assertThat(result.answer().headers().contains(Fields.TRANSFER_ENCODING))
                    .isFalse();
        }
    }

    @Test
    void fieldsOfThisHopEndHere() throws Exception {
        String head = String.join(
                "\r\n",
                "HTTP/1.1 200 Fine",
                "Connection: X-Hop, Cache-Control, keep-alive",
                "X-Hop: 1",
                "x-end: \u00e9",
                "Keep-Alive: timeout=9",
                "Proxy-Connection: a",
                "TE: a",
                "Trailer: X-Sum",
                "Upgrade: a",
                "Proxy-Authenticate: a",
                "Proxy-Authentication-Info: a",
                "Proxy-Authorization: a",
                "Cache-Control: no-store",
                "Transfer-Encoding: chunked",
                "",
                "2\r\nok\r\n0",
                "X-Sum: 1",
                "Host: evil",
                "",
                "");
        try (ScriptedOrigin origin = ScriptedOrigin.play(says(head));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Result result = rig.ask(get("/"));
            assertThat(result.answer().reason()).isEqualTo("Fine");
            assertThat(result.answer().headers().without(Fields.DATE))
                    .isEqualTo(Headers.of("x-end", "\u00e9", "Cache-Control", "no-store"));
            assertThat(result.answer().headers().first(Fields.DATE)).endsWith(" GMT");
            assertThat(result.trailers()).isEqualTo(Headers.of("X-Sum", "1"));
        }
    }

    @Test
    void lengthIsKeptWhereItDescribesABodyThatIsNotSent() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(head));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Result result = rig.ask(Rig.request("HEAD", "/", Body.none()));
            assertThat(result.answer().headers())
                    .isEqualTo(Headers.of("Content-Length", "5", "Date", "Mon, 23 Nov 2026 12:00:00 GMT"));
            assertThat(rig.ask(Rig.request("HEAD", "/", Body.none())).status()).isEqualTo(200);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void earlyHintsArePassedOn() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: x\r\nX: 1\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.play(says("HTTP/1.1 100 Continue\r\n\r\n" + hints, OK));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Result result = rig.ask(get("/"));
            assertThat(result.interims()).containsExactly("103 Link: </a.css>; rel=preload\r\n");
            assertThat(result.body()).isEqualTo("ok");
        }
    }

    @Test
    void aKeptConnectionThatDiesWhenUsedIsNotSeen() throws Exception {
        // The server reads the second request and closes: the race, at its worst moment.
        Script oneEach = wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(oneEach);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            for (int i = 0; i < 100; i++) {
                Result result = rig.ask(get("/" + i));
                assertThat(result.body()).isEqualTo("ok");
                assertThat(result.exchange().journal().attempts()).isEqualTo(1);
            }
        }
    }

    @Test
    void aPostOnAConnectionThatDiesIsNeverSentTwice() throws Exception {
        Script oneEach = wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(oneEach);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            assertThat(rig.ask(get("/first")).body()).isEqualTo("ok");
            Result result = rig.ask(post("/p", "x"));
            assertThat(result.failed().kind()).isEqualTo(Kind.CONNECTION_TERMINATED);
            assertThat(result.failed().isUnsent()).isFalse();
            assertThat(origin.requestLines().stream().filter(line -> line.startsWith("POST")))
                    .hasSize(1);
        }
    }

    @Test
    void theServersKeepAliveHintIsHonoured() throws Exception {
        String hinted = "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(hinted));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            rig.ask(get("/"));
            long from = rig.loop.nanos();
            rig.await(stats -> stats.connections() == 0);
            assertThat(Duration.ofNanos(rig.loop.nanos() - from)).isLessThan(Duration.ofMillis(950));
        }
    }

    @Test
    void requestsBeyondThePoolWaitInLine() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Script slow = wire -> {
            while (wire.readRequest()) {
                wire.pauseUntil(release, 5000);
                wire.send(OK);
            }
        };
        UpstreamSettings.Pool small =
                new UpstreamSettings.Pool(2, 3, Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofMinutes(1));
        UpstreamSettings.Timeouts patient = new UpstreamSettings.Timeouts(
                Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (ScriptedOrigin origin = ScriptedOrigin.play(slow);
                Rig rig = new Rig(Rig.with(Rig.with(Rig.settings(origin.address()), small), patient))) {
            List<CompletableFuture<Result>> lent = Stream.of(1, 2)
                    .map(i -> rig.begin(rig.upstream, get("/lent" + i)))
                    .toList();
            List<CompletableFuture<Result>> waiting = Stream.of(1, 2, 3)
                    .map(i -> rig.begin(rig.upstream, get("/waiting" + i)))
                    .toList();
            Result tooMany = rig.ask(get("/too-many"));
            assertThat(tooMany.failed().kind()).isEqualTo(Kind.CONNECTION_LIMIT);
            assertThat(rig.stats().connections()).isEqualTo(2);
            assertThat(rig.stats().pending()).isEqualTo(3);
            for (CompletableFuture<Result> waiter : waiting) {
                assertThat(waiter.get().failed().kind()).isEqualTo(Kind.CONNECTION_LIMIT);
            }
            CompletableFuture<Result> later = rig.begin(rig.upstream, get("/later"));
            release.countDown();
            assertThat(later.get().body()).isEqualTo("ok");
            for (CompletableFuture<Result> first : lent) {
                assertThat(first.get().body()).isEqualTo("ok");
            }
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(rig.await(stats -> stats.inFlight() == 0).pending()).isZero();
        }
    }

    @Test
    void uploadsAndDownloadsStream() throws Exception {
        Script echo = wire -> {
            while (wire.readRequest()) {
                wire.send(CHUNKED + "2\r\nok\r\n0\r\n\r\n");
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(echo);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Feed unknown = new Feed(rig.loop, List.of("hello, ", "world"), Headers.of("X-Sum", "1", "Host", "evil"));
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(unknown, Body.UNKNOWN)));
            assertThat(result.body()).isEqualTo("ok");
            Feed known = new Feed(rig.loop, List.of("hello, ", "world"), Headers.EMPTY);
            assertThat(rig.ask(Rig.request("PUT", "/k", new Body.Live(known, 12)))
                            .body())
                    .isEqualTo("ok");
            assertThat(origin.requests().get(0))
                    .endsWith("Transfer-Encoding: chunked\r\n\r\n7\r\nhello, \r\n5\r\nworld\r\n0\r\nX-Sum: 1\r\n\r\n");
            assertThat(origin.requests().get(1)).endsWith("Content-Length: 12\r\n\r\nhello, world");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    static Stream<Arguments> brokenUploads() {
        return Stream.of(
                Arguments.of("too short", List.of("hello"), 12L),
                Arguments.of("too long", List.of("hello, ", "world and more"), 12L),
                Arguments.of("broken off", List.of("hello, ", Feed.BREAK), Body.UNKNOWN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenUploads")
    void anUploadThatBreaksOffIsNeverMadeComplete(String name, List<String> parts, long length) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Script reads = wire -> {
            wire.readHead();
            seen.complete(wire.read(1000));
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(reads);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Feed feed = new Feed(rig.loop, parts, Headers.EMPTY);
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(feed, length)));
            assertThat(result.failed().kind()).isEqualTo(Kind.REQUEST_ERROR);
            assertThat(seen.get()).as(name).doesNotContain("\r\n0\r\n").hasSizeLessThan(20);
            rig.await(stats -> stats.connections() == 0);
        }
    }

    @Test
    void anAnswerBeforeTheUploadEndsClosesTheConnection() throws Exception {
        Script hasty = wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            wire.awaitClose();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(hasty);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Feed endless = Feed.endless(rig.loop);
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(endless, Body.UNKNOWN)));
            assertThat(result.status()).isEqualTo(413);
            assertThat(result.body()).isEqualTo("big");
            rig.await(stats -> stats.connections() == 0);
            assertThat(rig.onLoop(() -> endless.cancelled)).isTrue();
            origin.now(ScriptedOrigin.always(OK));
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerSurvivesTheServersRefusalToReadOn() throws Exception {
        Script hasty = wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            wire.pause(50); // closing with unread bytes makes the kernel reset the connection
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(hasty);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            for (int i = 0; i < 10; i++) {
                Feed endless = Feed.endless(rig.loop);
                Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(endless, Body.UNKNOWN)));
                assertThat(result.status()).isEqualTo(413);
                assertThat(result.body()).isEqualTo("big");
            }
        }
    }

    @Test
    void aServerThatDoesNotReadIsGivenUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Script deaf = wire -> {
            wire.readHead();
            wire.pauseUntil(never, 5000);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(deaf);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Feed endless = Feed.endless(rig.loop);
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(endless, Body.UNKNOWN)));
            assertThat(result.failed().kind()).isEqualTo(Kind.WRITE_TIMEOUT);
            assertThat(endless.given).as("bytes taken from the client").isLessThan(64L << 20);
            never.countDown();
        }
    }

    @Test
    void aClientThatPausesAfterTheServerHasCaughtUpIsNotTheServersFault() throws Exception {
        int size = 8 << 20;
        Script slow = wire -> {
            wire.readHead();
            wire.pause(200);
            wire.read(size);
            wire.send(OK);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(slow);
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            Bytes most = Bytes.of(new byte[size - 1]);
            Deque<Consumer<Source.Sink>> answers = new ArrayDeque<>();
            answers.add(sink -> sink.chunk(most));
            answers.add(sink -> rig.loop.schedule(Duration.ofMillis(1500), () -> sink.chunk(Bytes.utf8("!"))));
            answers.add(sink -> sink.end(Headers.EMPTY));
            Source pausing = new Source() {
                @Override
                public void read(Sink sink) {
                    answers.remove().accept(sink);
                }

                @Override
                public void cancel() {}
            };
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(pausing, size)));
            assertThat(result.failure()).isNull();
            assertThat(result.body()).isEqualTo("ok");
        }
    }

    @Test
    void largeBodiesHereAreSentWhole() throws Exception {
        String large = "0123456789".repeat(50_000);
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                Rig rig = new Rig(Rig.settings(origin.address()))) {
            assertThat(rig.ask(Rig.request("POST", "/", new Body.Whole(Bytes.utf8(large))))
                            .body())
                    .isEqualTo("ok");
            assertThat(origin.requests().get(0)).endsWith("Content-Length: 500000\r\n\r\n" + large);
        }
    }
}
