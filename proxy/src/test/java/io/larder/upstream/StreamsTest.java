package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static io.larder.upstream.Rig.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Source;
import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.FrameWire.Head;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Script;
import io.larder.upstream.Rig.Result;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server of HTTP/2 may do to us, frame by frame: what the client gets, and that other streams are unharmed. */
class StreamsTest {
    private static final Access H2C = new Access(Access.Protocol.HTTP_2, null, Access.Preface.OFF);

    /** What happens to a request on a connection. */
    interface Scene {
        void play(FrameWire frames, Head request) throws IOException, InterruptedException;
    }

    /** Plays {@code first} for the first request of the connection, and answers "ok" to all others. */
    private static Script once(Scene first) {
        return wire -> {
            FrameWire frames = FrameWire.greet(wire);
            first.play(frames, frames.head());
            serve(frames);
        };
    }

    private static void serve(FrameWire frames) throws IOException {
        while (true) {
            frames.answer(frames.head().stream(), "ok");
        }
    }

    private static final Script SERVES = wire -> serve(FrameWire.greet(wire));

    private static Rig.Group group(ScriptedOrigin origin) {
        return Rig.with(Rig.settings(origin.address()), H2C);
    }

    private static Rig.Group patient(ScriptedOrigin origin) {
        Duration wait = Duration.ofSeconds(20);
        return Rig.with(group(origin), new UpstreamSettings.Timeouts(wait, wait, wait, wait));
    }

    private static Rig.Group pooled(ScriptedOrigin origin, int connections, int pending) {
        Duration wait = Duration.ofSeconds(20);
        return Rig.with(
                patient(origin),
                new UpstreamSettings.Pool(connections, pending, wait, Duration.ofSeconds(60), Duration.ofMinutes(10)));
    }

    /** What a row expects of the first request. */
    record Expected(
            int status, @Nullable Kind failure, @Nullable Kind bodyFailure, String body, boolean kept) {
        static Expected whole(int status, String body) {
            return new Expected(status, null, null, body, true);
        }

        static Expected failed(Kind kind, boolean kept) {
            return new Expected(kind.status(), kind, null, "", kept);
        }

        static Expected cut(String body, Kind kind, boolean kept) {
            return new Expected(200, null, kind, body, kept);
        }

        boolean inVain() {
            return failure == Kind.RESPONSE_TIMEOUT || bodyFailure == Kind.READ_TIMEOUT;
        }
    }

    private static Arguments row(String name, Scene scene, Expected expected) {
        return Arguments.of(name, scene, expected);
    }

    private static Scene says(String... fields) {
        return (frames, request) -> {
            frames.headers(request.stream(), false, fields);
            frames.data(request.stream(), true, "ok");
        };
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                row("plain", says(":status", "200"), Expected.whole(200, "ok")),
                row("with a length", says(":status", "200", "content-length", "2"), Expected.whole(200, "ok")),
                row("no content", (f, r) -> f.headers(r.stream(), true, ":status", "404"), Expected.whole(404, "")),
                row(
                        "content-length 0, and an end apart",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200", "content-length", "0");
                            f.data(r.stream(), true, "");
                        },
                        Expected.whole(200, "")),
                row(
                        "304, and an end apart",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "304");
                            f.data(r.stream(), true, "");
                        },
                        Expected.whole(304, "")),
                row(
                        "in pieces, with padding",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.send(FrameWire.DATA, 8, r.stream(), new byte[] {3, 'o', 0, 0, 0});
                            f.data(r.stream(), false, "k");
                            f.data(r.stream(), true, "");
                        },
                        Expected.whole(200, "ok")),
                row(
                        "reset after the end",
                        (f, r) -> {
                            says(":status", "200").play(f, r);
                            f.reset(r.stream(), 0);
                        },
                        Expected.whole(200, "ok")),
                // RFC 9113 §8.1.1, §8.3.2: malformed heads
                row("no status", says("x", "y"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("status 20", says(":status", "20"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("status 2000", says(":status", "2000"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("status 0x0", says(":status", "0x0"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("a path", says(":status", "200", ":path", "/"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("status behind", says("x", "y", ":status", "200"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("upper case", says(":status", "200", "X-Y", "z"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("a name of two", says(":status", "200", "x y", "z"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "a line that splits",
                        says(":status", "200", "x", "y\r\nset-cookie: a=b"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("NUL", says(":status", "200", "x", "\0"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("space around", says(":status", "200", "x", " y"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "connection",
                        says(":status", "200", "connection", "close"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "transfer-encoding",
                        says(":status", "200", "transfer-encoding", "chunked"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "two lengths",
                        says(":status", "200", "content-length", "2", "content-length", "3"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "longer than declared",
                        says(":status", "200", "content-length", "1"),
                        Expected.cut("", Kind.PROTOCOL_ERROR, true)),
                row(
                        "shorter than declared",
                        says(":status", "200", "content-length", "3"),
                        Expected.cut("", Kind.PROTOCOL_ERROR, true)),
                row(
                        "declared, and nothing",
                        (f, r) -> f.headers(r.stream(), true, ":status", "200", "content-length", "3"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "content first",
                        (f, r) -> f.data(r.stream(), true, "ok"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "a pseudo-field in trailers",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.headers(r.stream(), true, ":status", "200");
                        },
                        Expected.cut("", Kind.PROTOCOL_ERROR, true)),
                // RFC 9110 §15.2
                row(
                        "20 interims",
                        (f, r) -> {
                            for (int i = 0; i < 20; i++) {
                                f.headers(r.stream(), false, ":status", "102");
                            }
                            says(":status", "200").play(f, r);
                        },
                        Expected.whole(200, "ok")),
                row(
                        "21 interims",
                        (f, r) -> {
                            for (int i = 0; i < 21; i++) {
                                f.headers(r.stream(), false, ":status", "102");
                            }
                        },
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row("101", says(":status", "101"), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "an interim that ends",
                        (f, r) -> f.headers(r.stream(), true, ":status", "103"),
                        Expected.failed(Kind.PROTOCOL_ERROR, true)),
                // RFC 9113 §8.7, §7: resets
                row("refused", (f, r) -> f.reset(r.stream(), 7), Expected.failed(Kind.DESTINATION_UNAVAILABLE, true)),
                row("reset", (f, r) -> f.reset(r.stream(), 2), Expected.failed(Kind.CONNECTION_TERMINATED, true)),
                row("cancelled", (f, r) -> f.reset(r.stream(), 8), Expected.failed(Kind.CONNECTION_TERMINATED, true)),
                row("HTTP/1.1, please", (f, r) -> f.reset(r.stream(), 0xd), Expected.failed(Kind.PROTOCOL_ERROR, true)),
                row(
                        "reset inside",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.data(r.stream(), false, "ok");
                            f.reset(r.stream(), 2);
                        },
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE, true)),
                row(
                        "no error inside",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.data(r.stream(), false, "ok");
                            f.reset(r.stream(), 0);
                        },
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE, true)),
                // silence
                row("silence", (f, r) -> {}, Expected.failed(Kind.RESPONSE_TIMEOUT, false)),
                row(
                        "silence inside",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.data(r.stream(), false, "ok");
                        },
                        Expected.cut("ok", Kind.READ_TIMEOUT, true)),
                // the end of the connection
                row("closed", (f, r) -> end(), Expected.failed(Kind.CONNECTION_TERMINATED, false)),
                row(
                        "closed inside",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.data(r.stream(), false, "ok");
                            end();
                        },
                        Expected.cut("ok", Kind.RESPONSE_INCOMPLETE, false)),
                row("gone away, unread", (f, r) -> f.goAway(0, 0), Expected.failed(Kind.CONNECTION_TERMINATED, false)),
                row(
                        "gone away with an error, read, and closed",
                        (f, r) -> {
                            f.goAway(r.stream(), 2);
                            end();
                        },
                        Expected.failed(Kind.CONNECTION_TERMINATED, false)),
                row(
                        "going away, but answering",
                        (f, r) -> {
                            f.goAway(r.stream(), 0);
                            says(":status", "200").play(f, r);
                        },
                        new Expected(200, null, null, "ok", false)),
                // RFC 9113 §5.4.1: what breaks the connection
                row(
                        "content of no stream",
                        (f, r) -> f.data(99, true, "ok"),
                        Expected.failed(Kind.PROTOCOL_ERROR, false)),
                row(
                        "a push",
                        (f, r) -> f.send(FrameWire.PUSH_PROMISE, FrameWire.END_HEADERS, r.stream(), new byte[] {
                            0, 0, 0, 2, (byte) 0x82
                        }),
                        Expected.failed(Kind.PROTOCOL_ERROR, false)),
                row(
                        "compressed nonsense",
                        (f, r) -> f.send(FrameWire.HEADERS, FrameWire.END_HEADERS, r.stream(), new byte[] {-1, -1, -1}),
                        Expected.failed(Kind.PROTOCOL_ERROR, false)),
                row(
                        "a head without end",
                        (f, r) -> {
                            f.send(FrameWire.HEADERS, 0, r.stream(), FrameWire.block(":status", "200"));
                            for (int i = 0; i < 2000; i++) {
                                f.send(
                                        FrameWire.CONTINUATION,
                                        0,
                                        r.stream(),
                                        FrameWire.block("x" + i, "y".repeat(1000)));
                            }
                        },
                        Expected.failed(Kind.PROTOCOL_ERROR, false)),
                row(
                        "a head in crumbs",
                        (f, r) -> {
                            f.send(FrameWire.HEADERS, 0, r.stream(), FrameWire.block(":status", "200"));
                            for (int i = 0; i < 2000; i++) {
                                f.send(FrameWire.CONTINUATION, 0, r.stream(), new byte[0]);
                            }
                        },
                        Expected.failed(Kind.PROTOCOL_ERROR, false)),
                row(
                        "empty frames without end",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            for (int i = 0; i < 100; i++) {
                                f.data(r.stream(), false, "");
                            }
                        },
                        Expected.cut("", Kind.PROTOCOL_ERROR, false)),
                row(
                        "more than the window",
                        (f, r) -> {
                            f.headers(r.stream(), false, ":status", "200");
                            f.windowUpdate(r.stream(), Integer.MAX_VALUE);
                        },
                        Expected.cut("", Kind.PROTOCOL_ERROR, true)));
    }

    /** Closes the connection: a script ends with its exception. */
    private static void end() throws IOException {
        throw new IOException("as the script wants");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void whatAServerDoes(String name, Scene scene, Expected expected) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(scene));
                Rig rig = new Rig(expected.inVain() ? group(origin) : patient(origin))) {
            Result first = rig.ask(get("/first"));
            assertThat(first.status()).as("status, " + first.failure()).isEqualTo(expected.status());
            assertThat(first.failure() == null ? null : first.failed().kind()).isEqualTo(expected.failure());
            assertThat(first.bodyFailure() == null ? null : first.brokeOff().kind())
                    .isEqualTo(expected.bodyFailure());
            assertThat(first.body()).isEqualTo(expected.body());
            rig.await(stats -> stats.inFlight() == 0);
            origin.now(SERVES);
            if (!expected.kept()) {
                rig.await(stats -> stats.connections() == 0);
            }
            assertThat(rig.ask(get("/next")).body())
                    .as("the next request's answer")
                    .isEqualTo("ok");
            assertThat(origin.connections()).as("connections").isEqualTo(expected.kept() ? 1 : 2);
            ServerStats after = rig.await(stats -> stats.inFlight() == 0 && stats.idle() == 1);
            assertThat(after.pending()).isZero();
            assertThat(after.connections()).isEqualTo(1);
        }
    }

    static Stream<Arguments> notOfHttp2() {
        return Stream.of(
                Arguments.of(
                        "HTTP/1.1",
                        (Script) wire -> {
                            wire.read(24);
                            wire.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                            wire.awaitClose();
                        },
                        Kind.PROTOCOL_ERROR),
                Arguments.of("closes", (Script) wire -> wire.read(24), Kind.CONNECTION_TERMINATED),
                Arguments.of("silent", (Script) wire -> wire.awaitClose(), Kind.CONNECTION_TIMEOUT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notOfHttp2")
    void aServerThatDoesNotSpeakHttp2GetsNoRequest(String name, Script script, Kind kind) throws Exception {
        Duration wait = Duration.ofSeconds(20);
        Duration connect = kind == Kind.CONNECTION_TIMEOUT ? Duration.ofMillis(300) : wait;
        try (ScriptedOrigin origin = ScriptedOrigin.play(script);
                Rig rig = new Rig(Rig.with(group(origin), new UpstreamSettings.Timeouts(connect, wait, wait, wait)))) {
            Result result = rig.ask(post("/", "x"));
            assertThat(result.failed().kind()).as(name).isEqualTo(kind);
            ServerStats after = rig.await(stats -> stats.connections() == 0);
            assertThat(after.pending()).isZero();
            assertThat(after.idle()).isZero();
        }
    }

    @Test
    void aRequestLooksAsHttp2Wants() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Script notes = once((frames, request) -> {
            for (Map.Entry<CharSequence, CharSequence> field : request.fields()) {
                seen.add(field.getKey() + ": " + field.getValue());
            }
            seen.add(frames.next(FrameWire.DATA).text());
            frames.answer(request.stream(), "ok");
        });
        try (ScriptedOrigin origin = ScriptedOrigin.play(notes);
                Rig rig = new Rig(patient(origin))) {
            Headers fields = Headers.of(
                    "Host",
                    "a.example:81",
                    "X-One",
                    "1",
                    "Cookie",
                    "a=b; c=d",
                    "Connection",
                    "keep-alive",
                    "TE",
                    "gzip",
                    "Upgrade",
                    "x",
                    "Keep-Alive",
                    "9",
                    "Content-Length",
                    "99",
                    "x-e",
                    "\u00e9");
            assertThat(rig.ask(post("/p?q=1", "body").withHeaders(fields)).body())
                    .isEqualTo("ok");
            assertThat(seen)
                    .containsExactly(
                            ":method: POST",
                            ":scheme: http",
                            ":path: /p?q=1",
                            ":authority: a.example:81",
                            "x-one: 1",
                            "cookie: a=b; c=d",
                            "x-e: \u00e9",
                            "content-length: 4",
                            "te: trailers",
                            "body");
        }
    }

    @Test
    void aTargetThatWouldSplitAMessageIsNeverSent() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(SERVES);
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/a HTTP/1.1\r\nX: y")).failed().kind()).isEqualTo(Kind.INTERNAL);
            assertThat(rig.ask(get("/a")).body()).isEqualTo("ok");
        }
    }

    @Test
    void aHeadThatTheServerWouldNotTakeIsNotSent() throws Exception {
        int maxHeaderListSize = 6;
        Script modest = wire -> serve(FrameWire.greet(wire, maxHeaderListSize, 1000));
        try (ScriptedOrigin origin = ScriptedOrigin.play(modest);
                Rig rig = new Rig(patient(origin))) {
            Headers large = Headers.of("Host", "a.example", "X", "y".repeat(2000));
            Result result = rig.ask(get("/").withHeaders(large));
            assertThat(result.failed().kind()).isEqualTo(Kind.REQUEST_TOO_LARGE);
            assertThat(result.failed().isUnsent()).isTrue();
            assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** As gRPC has them: with content, and without, where they are all there is. */
    @Test
    void trailersPassBothWays() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Script grpc = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            Head first = frames.head();
            seen.add(frames.next(FrameWire.DATA).text());
            Frame trailers = frames.next(FrameWire.HEADERS);
            seen.add("" + frames.decoded(trailers).get("x-sum") + trailers.ends());
            frames.headers(first.stream(), false, ":status", "200", "content-type", "application/grpc");
            frames.data(first.stream(), false, "message");
            frames.headers(first.stream(), true, "grpc-status", "0", "host", "evil");
            Head second = frames.head();
            frames.headers(second.stream(), true, ":status", "200", "grpc-status", "5", "grpc-message", "none");
            serve(frames);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(grpc);
                Rig rig = new Rig(patient(origin))) {
            Feed feed = new Feed(rig.loop, List.of("question"), Headers.of("X-Sum", "7", "Host", "evil"));
            Result with = rig.ask(Rig.request("POST", "/a.B/C", new Body.Live(feed, Body.UNKNOWN)));
            assertThat(with.body()).isEqualTo("message");
            assertThat(with.trailers()).isEqualTo(Headers.of("grpc-status", "0"));
            assertThat(seen).containsExactly("question", "7true");
            Result only = rig.ask(post("/a.B/D", "x"));
            assertThat(only.answer().headers().without(Fields.DATE))
                    .isEqualTo(Headers.of("grpc-status", "5", "grpc-message", "none"));
            assertThat(only.body()).isEmpty();
        }
    }

    @Test
    void earlyHintsArePassedOn() throws Exception {
        Scene hints = (frames, request) -> {
            frames.headers(request.stream(), false, ":status", "100");
            frames.headers(request.stream(), false, ":status", "103", "link", "</a.css>; rel=preload");
            frames.answer(request.stream(), "ok");
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(hints));
                Rig rig = new Rig(patient(origin))) {
            Result result = rig.ask(get("/"));
            assertThat(result.interims()).containsExactly("103 link: </a.css>; rel=preload\r\n");
            assertThat(result.body()).isEqualTo("ok");
        }
    }

    @Test
    void lengthIsKeptWhereItDescribesContentThatIsNotSent() throws Exception {
        Scene describes = (frames, request) ->
                frames.headers(request.stream(), true, ":status", "200", "content-length", "5", "date", "x");
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(describes));
                Rig rig = new Rig(patient(origin))) {
            Result result = rig.ask(Rig.request("HEAD", "/", Body.none()));
            assertThat(result.answer().headers().first(Fields.CONTENT_LENGTH)).isEqualTo("5");
        }
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        CountDownLatch all = new CountDownLatch(60);
        Script together = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            List<Integer> streams = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                streams.add(frames.head().stream());
                all.countDown();
            }
            for (int stream : streams.reversed()) {
                frames.headers(stream, false, ":status", "200");
            }
            for (int stream : streams) {
                frames.data(stream, true, "stream " + stream);
            }
            serve(frames);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(together);
                Rig rig = new Rig(pooled(origin, 4, 4))) {
            List<CompletableFuture<Result>> results = IntStream.range(0, 60)
                    .mapToObj(i -> rig.begin(rig.upstream, get("/" + i)))
                    .toList();
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 60; i++) {
                assertThat(results.get(i).get(20, TimeUnit.SECONDS).body()).isEqualTo("stream " + (2 * i + 3));
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** RFC 9113 §5.1.2: no more streams than the server allows, then another connection, then a place in the line. */
    @Test
    void whatFindsNoRoomGetsAnotherConnectionOrWaits() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        Script narrow = wire -> {
            FrameWire frames = FrameWire.greet(wire, FrameWire.MAX_CONCURRENT_STREAMS, 2);
            int first = frames.head().stream();
            int second = frames.head().stream();
            most.addAndGet(2);
            wire.pauseUntil(release, 20_000);
            frames.answer(first, "ok");
            frames.answer(second, "ok");
            serve(frames);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(narrow);
                Rig rig = new Rig(pooled(origin, 2, 3))) {
            List<CompletableFuture<Result>> lent = IntStream.range(0, 4)
                    .mapToObj(i -> rig.begin(rig.upstream, get("/" + i)))
                    .toList();
            while (most.get() < 4) {
                rig.tick();
            }
            List<CompletableFuture<Result>> waiting = IntStream.range(0, 3)
                    .mapToObj(i -> rig.begin(rig.upstream, get("/w" + i)))
                    .toList();
            Result tooMany = rig.ask(get("/too-many"));
            assertThat(tooMany.failed().kind()).isEqualTo(Kind.CONNECTION_LIMIT);
            assertThat(rig.stats().pending()).isEqualTo(3);
            assertThat(rig.stats().connections()).isEqualTo(2);
            release.countDown();
            for (CompletableFuture<Result> each :
                    Stream.concat(lent.stream(), waiting.stream()).toList()) {
                assertThat(each.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
            }
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(rig.await(stats -> stats.inFlight() == 0).pending()).isZero();
        }
    }

    @Test
    void whoWaitsInVainIsRefusedInTime() throws Exception {
        Script narrow = wire -> {
            FrameWire frames = FrameWire.greet(wire, FrameWire.MAX_CONCURRENT_STREAMS, 0);
            frames.next();
        };
        Duration wait = Duration.ofSeconds(20);
        UpstreamSettings.Pool hasty =
                new UpstreamSettings.Pool(1, 5, Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofMinutes(10));
        try (ScriptedOrigin origin = ScriptedOrigin.play(narrow);
                Rig rig = new Rig(Rig.with(
                        Rig.with(group(origin), hasty),
                        new UpstreamSettings.Timeouts(Duration.ofMillis(500), wait, wait, wait)))) {
            Result result = rig.ask(get("/"));
            assertThat(result.failed().kind()).isEqualTo(Kind.CONNECTION_LIMIT);
            assertThat(result.failed().isUnsent()).isTrue();
            assertThat(rig.stats().pending()).isZero();
        }
    }

    @Test
    void aServerThatTakesNoFurtherConnectionIsNotAskedWithoutEnd() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        Script first = wire -> {
            FrameWire frames = FrameWire.greet(wire, FrameWire.MAX_CONCURRENT_STREAMS, 1);
            int stream = frames.head().stream();
            frames.headers(stream, false, ":status", "200");
            release.await();
            frames.data(stream, true, "ok");
            serve(frames);
        };
        Script closes = wire -> wire.read(1);
        Duration wait = Duration.ofSeconds(20);
        UpstreamSettings.Pool hasty =
                new UpstreamSettings.Pool(5, 5, Duration.ofMillis(300), Duration.ofSeconds(60), Duration.ofMinutes(10));
        try (ScriptedOrigin origin =
                        ScriptedOrigin.play(wire -> (number.getAndIncrement() == 0 ? first : closes).play(wire));
                Rig rig = new Rig(Rig.with(
                        Rig.with(group(origin), hasty),
                        new UpstreamSettings.Timeouts(Duration.ofMillis(300), wait, wait, wait)))) {
            Source body = begun(rig, get("/first")).get(20, TimeUnit.SECONDS);
            Result second = rig.ask(get("/second"));
            assertThat(second.failed().kind()).isEqualTo(Kind.CONNECTION_LIMIT);
            assertThat(origin.connections()).isEqualTo(2);
            release.countDown();
            assertThat(rig.onLoop(() -> read(body)).get(20, TimeUnit.SECONDS).toUtf8())
                    .isEqualTo("ok");
            rig.await(stats -> stats.inFlight() == 0);
        }
    }

    /** RFC 9113 §6.8: a server that goes away in order loses nothing, not even what must not be sent twice. */
    @Test
    void aServerThatGoesAwayInOrderIsNotSeen() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        Script fewEach = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            frames.answer(frames.head().stream(), "ok");
            int last = frames.head().stream();
            posts.incrementAndGet();
            frames.answer(last, "ok");
            frames.next(FrameWire.HEADERS); // is not read
            frames.goAway(last, 0);
            frames.next();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(fewEach);
                Rig rig = new Rig(patient(origin))) {
            for (int i = 0; i < 20; i++) {
                assertThat(rig.ask(get("/g" + i)).body()).isEqualTo("ok");
                Result posted = rig.ask(post("/p" + i, "x"));
                assertThat(posted.failure()).isNull();
                assertThat(posted.body()).isEqualTo("ok");
                assertThat(posted.exchange().journal().attempts()).isEqualTo(1);
            }
        }
    }

    @Test
    void streamsOfAServerThatGoesAwayFinish() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Scene goes = (frames, request) -> {
            frames.goAway(Integer.MAX_VALUE, 0);
            frames.headers(request.stream(), false, ":status", "200");
            second.await();
            frames.data(request.stream(), true, "old");
            frames.next(FrameWire.GOAWAY);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(goes));
                Rig rig = new Rig(pooled(origin, 1, 5))) {
            CompletableFuture<Source> old = begun(rig, get("/old"));
            Source body = old.get(20, TimeUnit.SECONDS);
            origin.now(SERVES);
            assertThat(rig.ask(get("/new")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(2);
            second.countDown();
            Bytes rest = rig.onLoop(() -> read(body)).get(20, TimeUnit.SECONDS);
            assertThat(rest.toUtf8()).isEqualTo("old");
            rig.await(stats -> stats.connections() == 1);
        }
    }

    /** The body of an answer that has begun. */
    private static CompletableFuture<Source> begun(Rig rig, Request request) {
        CompletableFuture<Source> body = new CompletableFuture<>();
        rig.loop.execute(() -> rig.upstream
                .handle(request, rig.exchange((status, headers) -> {}))
                .thenAccept(response -> body.complete(((Body.Live) response.body()).source())));
        return body;
    }

    @Test
    void onlyWhatTheServerHasNotReadIsSentAgain() throws Exception {
        List<String> paths = new CopyOnWriteArrayList<>();
        Script some = wire -> {
            FrameWire frames = FrameWire.greet(wire, FrameWire.MAX_CONCURRENT_STREAMS, 2);
            Head first = frames.head();
            paths.add("first " + first.fields().path());
            frames.head();
            frames.goAway(first.stream(), 2);
        };
        Script rest = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            Head head = frames.head();
            paths.add("then " + head.fields().path());
            frames.answer(head.stream(), "ok");
            serve(frames);
        };
        AtomicInteger number = new AtomicInteger();
        try (ScriptedOrigin origin =
                        ScriptedOrigin.play(wire -> (number.getAndIncrement() == 0 ? some : rest).play(wire));
                Rig rig = new Rig(pooled(origin, 1, 5))) {
            CompletableFuture<Result> read = rig.begin(rig.upstream, post("/read", "x"));
            CompletableFuture<Result> unread = rig.begin(rig.upstream, post("/unread", "x"));
            assertThat(read.get(20, TimeUnit.SECONDS).failed().isUnsent()).isFalse();
            assertThat(unread.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
            assertThat(paths).containsExactly("first /read", "then /unread");
        }
    }

    @Test
    void aRefusedStreamMayGoElsewhereWhateverItIs() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(once((frames, request) -> frames.reset(request.stream(), 7)));
                Rig rig = new Rig(patient(origin))) {
            Result result = rig.ask(post("/", "x"));
            assertThat(result.failed().isUnsent()).isTrue();
        }
    }

    @Test
    void aPostOnAConnectionThatDiesIsNeverSentTwice() throws Exception {
        Scene dies = (frames, request) -> {
            frames.answer(request.stream(), "ok");
            frames.head();
            end();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(dies));
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/first")).body()).isEqualTo("ok");
            Result result = rig.ask(post("/p", "x"));
            assertThat(result.failed().kind()).isEqualTo(Kind.CONNECTION_TERMINATED);
            assertThat(result.failed().isUnsent()).isFalse();
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aGetOnAConnectionThatDiesIsNotSeen() throws Exception {
        Scene dies = (frames, request) -> {
            frames.answer(request.stream(), "ok");
            frames.head();
            end();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(dies));
                Rig rig = new Rig(patient(origin))) {
            for (int i = 0; i < 20; i++) {
                assertThat(rig.ask(get("/" + i)).body()).isEqualTo("ok");
            }
        }
    }

    /** Nobody knows whose answer it was: whoever else was there is asked for once more, and so is that one, but not for ever. */
    @Test
    void anAnswerThatBreaksEveryConnectionBreaksTwo() throws Exception {
        Script poisoned = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            for (Head head = frames.head(); ; head = frames.head()) {
                switch (head.fields().path().toString()) {
                    case "/slow" -> {}
                    case "/poison" -> frames.data(0, false, "x"); // RFC 9113 §6.1
                    default -> frames.answer(head.stream(), "ok");
                }
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(poisoned);
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/first")).body()).isEqualTo("ok");
            CompletableFuture<Result> slow = rig.begin(rig.upstream, get("/slow"));
            CompletableFuture<Result> poison = rig.begin(rig.upstream, get("/poison"));
            assertThat(poison.get(20, TimeUnit.SECONDS).failed().kind()).isEqualTo(Kind.PROTOCOL_ERROR);
            assertThat(slow.get(20, TimeUnit.SECONDS).failed().kind()).isEqualTo(Kind.PROTOCOL_ERROR);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    /** What breaks a connection that others use is not known to be the fault of those of whom nothing has come. */
    @Test
    void aGetOnAConnectionThatAnothersAnswerBreaksIsNotSeen() throws Exception {
        Scene breaks = (frames, request) -> {
            frames.answer(request.stream(), "ok");
            frames.head();
            frames.data(0, false, "x"); // RFC 9113 §6.1
            frames.any();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(breaks));
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/first")).body()).isEqualTo("ok");
            origin.now(SERVES);
            assertThat(rig.ask(get("/second")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(2);
        }
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(breaks));
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/first")).body()).isEqualTo("ok");
            assertThat(rig.ask(post("/p", "x")).failed().isUnsent()).isFalse();
            assertThat(origin.connections()).as("a POST is never sent twice").isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesEndsItsStreamAlone() throws Exception {
        CompletableFuture<Frame> reset = new CompletableFuture<>();
        CountDownLatch both = new CountDownLatch(2);
        Script waits = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            int leaving = frames.head().stream();
            int staying = frames.head().stream();
            both.countDown();
            both.countDown();
            Frame frame = frames.next(FrameWire.RST_STREAM);
            reset.complete(frame);
            frames.answer(frame.stream() == leaving ? staying : leaving, "ok");
            serve(frames);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(waits);
                Rig rig = new Rig(patient(origin))) {
            var leaving = rig.onLoop(() -> rig.exchange((status, headers) -> {}));
            CompletableFuture<Boolean> failed = new CompletableFuture<>();
            rig.loop.execute(() -> rig.upstream
                    .handle(get("/leaving"), leaving)
                    .whenComplete((response, cause) -> failed.complete(cause != null)));
            CompletableFuture<Result> staying = rig.begin(rig.upstream, get("/staying"));
            assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
            rig.loop.execute(leaving.departure()::announce);
            assertThat(failed.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(reset.get(20, TimeUnit.SECONDS).code()).isEqualTo((int) Http2Error.CANCEL.code());
            assertThat(staying.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatNobodyWantsAnyMoreIsCancelled() throws Exception {
        CompletableFuture<Frame> reset = new CompletableFuture<>();
        Scene half = (frames, request) -> {
            frames.headers(request.stream(), false, ":status", "200");
            frames.data(request.stream(), false, "half");
            reset.complete(frames.next(FrameWire.RST_STREAM));
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(half));
                Rig rig = new Rig(patient(origin))) {
            Source source = begun(rig, get("/")).get(20, TimeUnit.SECONDS);
            rig.loop.execute(source::cancel);
            assertThat(reset.get(20, TimeUnit.SECONDS).code()).isEqualTo((int) Http2Error.CANCEL.code());
            rig.await(stats -> stats.inFlight() == 0);
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** A reader that stops holds back its own stream, and no other one. */
    @Test
    void theWindowOpensOnlyAsTheBodyIsRead() throws Exception {
        int window = 128 * 1024;
        AtomicInteger granted = new AtomicInteger();
        CompletableFuture<Integer> stalled = new CompletableFuture<>();
        Script floods = wire -> {
            FrameWire frames = FrameWire.greet(wire);
            int stream = frames.head().stream();
            frames.headers(stream, false, ":status", "200");
            for (int sent = 0; sent < window; sent += 16 * 1024) {
                frames.send(FrameWire.DATA, 0, stream, new byte[16 * 1024]);
            }
            stalled.complete(stream);
            while (true) {
                Frame frame = frames.any();
                if (frame == null) {
                    return;
                }
                if (frame.type() == FrameWire.WINDOW_UPDATE && frame.stream() == stream) {
                    granted.addAndGet(frame.code());
                } else if (frame.type() == FrameWire.HEADERS) {
                    frames.answer(frame.stream(), "x".repeat(16 * 1024));
                }
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(floods);
                Rig rig = new Rig(patient(origin))) {
            Source source = begun(rig, get("/")).get(20, TimeUnit.SECONDS);
            stalled.get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                assertThat(rig.ask(get("/" + i)).body()).hasSize(16 * 1024);
            }
            assertThat(granted.get()).as("octets granted while nobody reads").isZero();
            int taken = 0;
            while (granted.get() == 0) {
                taken += (int)
                        rig.onLoop(() -> read(source)).get(20, TimeUnit.SECONDS).length();
                if (taken == window) {
                    rig.loop.execute(() -> read(source)); // that asks for more
                }
                rig.tick();
            }
            assertThat(granted.get()).isLessThanOrEqualTo(window);
            assertThat(origin.connections()).isEqualTo(1);
            rig.loop.execute(source::cancel);
            rig.await(stats -> stats.inFlight() == 0);
        }
    }

    private static CompletableFuture<Bytes> read(Source source) {
        CompletableFuture<Bytes> chunk = new CompletableFuture<>();
        source.read(new Source.Sink() {
            @Override
            public void chunk(Bytes bytes) {
                chunk.complete(bytes);
            }

            @Override
            public void end(Headers trailers) {
                chunk.completeExceptionally(new IOException("ended"));
            }

            @Override
            public void failed(Throwable cause) {
                chunk.completeExceptionally(cause);
            }
        });
        return chunk;
    }

    @Test
    void anUploadWaitsForTheServersWindow() throws Exception {
        Scene stingy = (frames, request) -> {
            int got = 0;
            while (got < 100_000) {
                Frame frame = frames.next(FrameWire.DATA);
                got += frame.text().length();
                frames.windowUpdate(0, Math.max(1, frame.text().length()));
                frames.windowUpdate(request.stream(), Math.max(1, frame.text().length()));
            }
            frames.answer(request.stream(), "got " + got);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, FrameWire.INITIAL_WINDOW_SIZE, 1000);
                    stingy.play(frames, frames.head());
                    stingy.play(frames, frames.head());
                    serve(frames);
                });
                Rig rig = new Rig(patient(origin))) {
            List<String> parts =
                    IntStream.range(0, 10).mapToObj(i -> "x".repeat(10_000)).toList();
            Feed feed = new Feed(rig.loop, parts, Headers.EMPTY);
            assertThat(rig.ask(Rig.request("PUT", "/", new Body.Live(feed, 100_000)))
                            .body())
                    .isEqualTo("got 100000");
            assertThat(rig.ask(post("/", "y".repeat(100_000))).body()).isEqualTo("got 100000");
        }
    }

    @Test
    void aServerThatTakesNothingIsGivenUp() throws Exception {
        Script deaf = wire -> {
            FrameWire frames = FrameWire.greet(wire, FrameWire.INITIAL_WINDOW_SIZE, 1000);
            frames.head();
            frames.next(FrameWire.RST_STREAM);
            serve(frames);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(deaf);
                Rig rig = new Rig(group(origin))) {
            Feed endless = Feed.endless(rig.loop);
            Result result = rig.ask(Rig.request("POST", "/", new Body.Live(endless, Body.UNKNOWN)));
            assertThat(result.failed().kind()).isEqualTo(Kind.WRITE_TIMEOUT);
            assertThat(endless.given).isLessThan(1 << 20);
            assertThat(rig.onLoop(() -> endless.cancelled)).isTrue();
        }
    }

    static Stream<Arguments> earlyAnswers() {
        return Stream.of(Arguments.of("and says so", true), Arguments.of("and says nothing", false));
    }

    /** RFC 9113 §8.1: an answer before the request's end stands, and the rest of the request is not sent. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("earlyAnswers")
    void anAnswerBeforeTheEndOfTheRequestStands(String name, boolean resets) throws Exception {
        Scene hasty = (frames, request) -> {
            frames.headers(request.stream(), false, ":status", "413");
            frames.data(request.stream(), true, "big");
            if (resets) {
                frames.reset(request.stream(), 0);
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(hasty));
                Rig rig = new Rig(patient(origin))) {
            Feed endless = Feed.endless(rig.loop);
            Result result = rig.ask(Rig.request("POST", "/", new Body.Live(endless, Body.UNKNOWN)));
            assertThat(result.status()).as(name).isEqualTo(413);
            assertThat(result.body()).isEqualTo("big");
            assertThat(rig.onLoop(() -> endless.cancelled)).isTrue();
            Result whole = rig.ask(post("/", "x".repeat(500_000)));
            assertThat(whole.body()).isEqualTo("ok");
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
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
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Scene reads = (frames, request) -> {
            boolean end = false;
            for (Frame frame = frames.next(); frame.type() != FrameWire.RST_STREAM; frame = frames.next()) {
                end |= frame.ends();
            }
            ended.complete(end);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(reads));
                Rig rig = new Rig(patient(origin))) {
            Feed feed = new Feed(rig.loop, parts, Headers.EMPTY);
            Result result = rig.ask(Rig.request("POST", "/u", new Body.Live(feed, length)));
            assertThat(result.failed().kind()).as(name).isEqualTo(Kind.REQUEST_ERROR);
            assertThat(ended.get(20, TimeUnit.SECONDS))
                    .as("the end of the request")
                    .isFalse();
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aHugeHeadFailsItsStreamAlone() throws Exception {
        Scene huge = (frames, request) -> {
            frames.send(FrameWire.HEADERS, 0, request.stream(), FrameWire.block(":status", "200"));
            for (int i = 0; i < 17; i++) {
                frames.send(
                        FrameWire.CONTINUATION,
                        i == 16 ? FrameWire.END_HEADERS : 0,
                        request.stream(),
                        FrameWire.block("x", "y".repeat(16_000)));
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(huge));
                Rig rig = new Rig(patient(origin))) {
            assertThat(rig.ask(get("/")).failed().kind()).isEqualTo(Kind.PROTOCOL_ERROR);
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void anUnusedConnectionIsClosedInTime() throws Exception {
        UpstreamSettings.Pool brief =
                new UpstreamSettings.Pool(4, 4, Duration.ofSeconds(20), Duration.ofMillis(100), Duration.ofMinutes(10));
        CompletableFuture<Frame> goodbye = new CompletableFuture<>();
        Scene notes = (frames, request) -> {
            frames.answer(request.stream(), "ok");
            goodbye.complete(frames.next());
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(notes));
                Rig rig = new Rig(Rig.with(patient(origin), brief))) {
            assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
            rig.await(stats -> stats.connections() == 0 && stats.idle() == 0);
            assertThat(goodbye.get(20, TimeUnit.SECONDS).type()).isEqualTo(FrameWire.GOAWAY);
        }
    }

    @Test
    void anOldConnectionCarriesNothingNew() throws Exception {
        UpstreamSettings.Pool young =
                new UpstreamSettings.Pool(4, 4, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofMillis(1));
        try (ScriptedOrigin origin = ScriptedOrigin.play(SERVES);
                Rig rig = new Rig(Rig.with(patient(origin), young))) {
            for (int i = 0; i < 5; i++) {
                assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
                rig.tick();
            }
            assertThat(origin.connections()).isEqualTo(5);
            rig.await(stats -> stats.connections() == 1);
        }
    }

    @Test
    void aRetiredUpstreamFinishesWhatItHas() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Scene slow = (frames, request) -> {
            asked.countDown();
            release.await();
            frames.answer(request.stream(), "late");
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(once(slow));
                Rig rig = new Rig(patient(origin))) {
            CompletableFuture<Result> result = rig.begin(rig.upstream, get("/"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            rig.upstream.retire();
            rig.tick();
            release.countDown();
            assertThat(result.get(20, TimeUnit.SECONDS).body()).isEqualTo("late");
            rig.await(stats -> stats.connections() == 0);
        }
    }
}
