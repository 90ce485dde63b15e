package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.FrameWire.Head;
import io.larder.testing.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Requests and responses over HTTP/2 (RFC 9113), in raw frames over a real socket. */
class StreamedTest {
    private static final long CONNECTION_WINDOW = 65_535; // before the server has opened it further (RFC 9113 §6.9.2)
    private static final Handler ECHO = (request, exchange) ->
            Readers.readAll(request).thenCompose(read -> TestServer.text(read.text() + "|" + read.trailers()));

    private static final String[] GET = get("/");

    private static String[] get(String path) {
        return new String[] {":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", path};
    }

    private static String[] with(String[] head, String... more) {
        List<String> all = new ArrayList<>(List.of(head));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String[] post(String... more) {
        return with(
                new String[] {":method", "POST", ":scheme", "http", ":authority", "a.example", ":path", "/p"}, more);
    }

    /** The content of a stream, to its end. */
    private static String content(FrameWire frames, int stream) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Frame frame = frames.next(FrameWire.DATA); ; frame = frames.next(FrameWire.DATA)) {
            assertThat(frame.stream()).isEqualTo(stream);
            text.append(frame.text());
            if (frame.ends()) {
                return text.toString();
            }
        }
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        Handler handler = (request, exchange) -> {
            assertThat(request.headers()).isEqualTo(Headers.of("Host", "a.example", "x-a", "b", "cookie", "a=1; b=2"));
            return TestServer.text(request.target().uri());
        };
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            for (int stream = 1; stream < 100; stream += 2) {
                frames.headers(stream, true, with(get("/a?b"), "cookie", "a=1", "x-a", "b", "cookie", "b=2"));
                Head head = frames.head();
                assertThat(head.stream()).isEqualTo(stream);
                assertThat(head.fields().status()).asString().isEqualTo("200");
                assertThat(head.fields().get("content-length")).asString().isEqualTo("20");
                assertThat(head.fields().contains("date")).isTrue();
                assertThat(content(frames, stream)).isEqualTo("http://a.example/a?b");
                assertThat(server.nextFinished().outcome().complete()).isTrue();
            }
            assertThat(server.rejected).isEmpty();
        }
    }

    @Test
    void theJournalSaysWhatWasSpoken() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            FrameWire.greet(client).headers(1, true, GET);
            assertThat(server.nextFinished().exchange().journal().protocol()).isEqualTo("HTTP/2");
        }
    }

    @Test
    void contentAndTrailersPassBothWays() throws Exception {
        Handler handler = (request, exchange) -> Readers.readAll(request)
                .thenCompose(read -> TestServer.answer(
                        200,
                        new Body.Live(
                                new ListSource(List.of(read.text(), "|" + read.trailers()), Headers.of("X-Sum", "7")),
                                Body.UNKNOWN)));
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, post("te", "trailers"));
            frames.data(1, false, "hel");
            frames.data(1, false, "lo");
            frames.headers(1, true, "x-check", "9");
            assertThat(frames.head().fields().contains("content-length")).isFalse();
            StringBuilder text = new StringBuilder();
            Frame frame = frames.next();
            for (; frame.type() == FrameWire.DATA; frame = frames.next()) {
                text.append(frame.text());
                assertThat(frame.ends()).isFalse();
            }
            assertThat(text).hasToString("hello|" + Headers.of("x-check", "9"));
            assertThat(frame.type()).isEqualTo(FrameWire.HEADERS);
            assertThat(frame.ends()).isTrue();
            assertThat(frames.decoded(frame).get("x-sum")).asString().isEqualTo("7");
            assertThat(server.nextFinished().outcome().received()).isEqualTo(5);
        }
    }

    @Test
    void headAnd204And304HaveNoContent() throws Exception {
        Handler handler = (request, exchange) -> switch (request.target().path()) {
            case "/204" -> TestServer.answer(204, Body.none());
            case "/304" ->
                CompletableFuture.completedFuture(
                        Response.of(304, Headers.of("Content-Length", "9", "Etag", "\"e\""), Body.none()));
            default -> TestServer.text("hello");
        };
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            String[] head = get("/");
            head[1] = "HEAD";
            frames.headers(1, true, head);
            Head answer = frames.head();
            assertThat(answer.ends()).isTrue();
            assertThat(answer.fields().get("content-length")).asString().isEqualTo("5");
            frames.headers(3, true, get("/204"));
            answer = frames.head();
            assertThat(answer.ends()).isTrue();
            assertThat(answer.fields().contains("content-length")).isFalse();
            frames.headers(5, true, get("/304"));
            answer = frames.head();
            assertThat(answer.ends()).isTrue();
            assertThat(answer.fields().get("content-length")).asString().isEqualTo("9");
        }
    }

    @Test
    void interimResponsesPass() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, true, GET);
            Pending asked = TestServer.next(pending);
            asked.exchange().loop().execute(() -> asked.exchange().interim().send(103, Headers.of("Link", "</a>")));
            Head early = frames.head();
            assertThat(early.fields().status()).asString().isEqualTo("103");
            assertThat(early.fields().get("link")).asString().isEqualTo("</a>");
            assertThat(early.ends()).isFalse();
            asked.text("x");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
        }
    }

    @Test
    void aClientThatWaitsForA100GetsOne() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, post("expect", "100-continue", "content-length", "2"));
            assertThat(frames.head().fields().status()).asString().isEqualTo("100");
            frames.data(1, true, "ok");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
            assertThat(content(frames, 1)).isEqualTo("ok|");
        }
    }

    /** There is no other framing than that of the stream: whoever does not say how long it is has content all the same. */
    @Test
    void aClientThatWaitsForA100NeedNotSayHowMuchItWillSend() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, post("expect", "100-continue"));
            Head invited = frames.head();
            assertThat(invited.fields().status()).asString().isEqualTo("100");
            assertThat(invited.ends()).isFalse();
            frames.data(1, true, "ok");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
            assertThat(content(frames, 1)).isEqualTo("ok|");
            frames.headers(3, true, post("expect", "100-continue")); // which has nothing to send
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
        }
    }

    /** RFC 9113 §6.9.1: what nobody will read of streams that are over is taken off the connection's window all the same. */
    @Test
    void contentThatNobodyReadsDoesNotKeepTheConnectionsWindowShut() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        Handler handler = (request, exchange) -> request.target().path().equals("/p")
                ? Pending.into(pending).handle(request, exchange)
                : Readers.readAll(request)
                        .thenCompose(read -> TestServer.text("" + read.text().length()));
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            int stream = 1;
            long given = CONNECTION_WINDOW;
            for (int i = 0; i < 60; i++, stream += 2) {
                frames.headers(stream, false, post());
                for (int n = 0; n < 6; n++) { // of the 128 KiB that a stream may send
                    given = awaitRoom(frames, given, 16_000);
                    frames.data(stream, false, "x".repeat(16_000));
                    given -= 16_000;
                }
                Pending one = TestServer.next(pending);
                switch (i % 3) {
                    case 0 -> frames.reset(stream, 8);
                    case 1 -> one.text("early");
                    default -> one.exchange().loop().execute(() -> one.answer().cancel(false));
                }
                server.nextFinished();
            }
            String[] other = post();
            other[7] = "/other";
            frames.headers(stream, false, other);
            for (int n = 0; n < 6; n++) {
                given = awaitRoom(frames, given, 16_000);
                frames.data(stream, n == 5, "y".repeat(16_000));
                given -= 16_000;
            }
            Frame answered = frames.next(FrameWire.HEADERS);
            while (answered.stream() != stream) {
                answered = frames.next(FrameWire.HEADERS);
            }
            assertThat(server.nextFinished().outcome().received()).isEqualTo(96_000);
        }
    }

    /** Reads until the client may send {@code octets} on the connection; answers how many it may then. */
    private static long awaitRoom(FrameWire frames, long given, int octets) throws Exception {
        long room = given;
        while (room < octets) {
            Frame frame = frames.one();
            if (frame.type() == FrameWire.WINDOW_UPDATE && frame.stream() == 0) {
                room += frame.code();
            }
        }
        return room;
    }

    @Test
    void manyAreUnderWayAtOnceAndAnsweredInAnyOrder() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            List<Pending> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                frames.headers(2 * i + 1, true, get("/" + i));
                all.add(TestServer.next(pending));
            }
            frames.headers(201, true, get("/more")); // RFC 9113 §5.1.2
            Frame refused = frames.next();
            assertThat(refused.type()).isEqualTo(FrameWire.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.code()).isEqualTo(7);
            for (int i = 99; i >= 0; i--) {
                all.get(i).text("answer " + i);
                assertThat(frames.head().stream()).isEqualTo(2 * i + 1);
                assertThat(content(frames, 2 * i + 1)).isEqualTo("answer " + i);
            }
            frames.headers(203, true, get("/more"));
            TestServer.next(pending).text("more");
            assertThat(content(frames, 203)).isEqualTo("more");
        }
    }

    @Test
    void aResetIsADeparture() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, true, GET);
            Pending asked = TestServer.next(pending);
            AtomicBoolean gone = new AtomicBoolean();
            asked.exchange().loop().execute(() -> asked.exchange().departure().onGone(() -> gone.set(true)));
            frames.reset(1, 8);
            eventually("the departure", gone::get);
            assertThat(server.nextFinished().outcome().complete()).isFalse();
            asked.text("for nobody");
            frames.headers(3, true, GET);
            TestServer.next(pending).text("for somebody");
            assertThat(content(frames, 3)).isEqualTo("for somebody");
        }
    }

    /** CVE-2025-8671: a request that somebody still works for counts, whoever reset it. */
    @Test
    void whatIsStillWorkedForCountsUntilItEnds() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            List<Pending> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                frames.headers(2 * i + 1, true, get("/" + i));
                frames.reset(2 * i + 1, 8);
                all.add(TestServer.next(pending));
            }
            frames.headers(201, true, GET);
            assertThat(frames.next(FrameWire.RST_STREAM).code()).isEqualTo(7);
            assertThat(pending).isEmpty();
            all.get(0).text("for nobody");
            CompletableFuture<Void> told = new CompletableFuture<>();
            all.get(0).exchange().loop().execute(() -> told.complete(null)); // else the next head may be read before
            told.get(10, TimeUnit.SECONDS);
            frames.headers(203, true, GET);
            TestServer.next(pending).text("room again");
            assertThat(content(frames, 203)).isEqualTo("room again");
        }
    }

    /** RFC 9113 §8.1: what is left of a request after its answer is not needed, and is no fault where it was on its way. */
    @Test
    void anAnswerBeforeTheEndOfItsRequest() throws Exception {
        try (TestServer server = new TestServer((request, exchange) -> TestServer.text("early"));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            for (int stream = 1; stream < 1000; stream += 2) {
                frames.headers(stream, false, post());
                assertThat(frames.head().stream()).isEqualTo(stream);
                assertThat(content(frames, stream)).isEqualTo("early");
                Frame reset = frames.next();
                assertThat(reset.type()).isEqualTo(FrameWire.RST_STREAM);
                assertThat(reset.code()).isZero();
                for (int i = 0; i < 5; i++) {
                    frames.data(stream, false, "on its way".repeat(1000));
                }
                frames.headers(stream, true, "x-sum", "1");
                frames.windowUpdate(stream, 10);
            }
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
                new Case("414", get("/" + "x".repeat(1020))),
                new Case("431", with(GET, "x-long", "x".repeat(1023))),
                new Case("431", with(GET, "x".repeat(1023), "")),
                new Case("431", many(20)),
                new Case("413", post("content-length", "100001")),
                new Case("417", post("expect", "tea")),
                new Case("501", ":method", "CONNECT", ":authority", "a.example:443"),
                new Case("501", ":method", "TRACE", ":scheme", "http", ":authority", "a.example", ":path", "/"),
                new Case("400", ":method", "GET", ":scheme", "http", ":path", "/"),
                new Case("400", ":method", "GET", ":scheme", "ftp", ":authority", "a.example", ":path", "/"),
                new Case("400", ":method", "GET", ":scheme", "http", ":authority", "u@a.example", ":path", "/"),
                new Case("400", ":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", "*"));
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            int stream = -1;
            for (Case each : cases) {
                stream += 2;
                frames.headers(stream, true, each.head().toArray(String[]::new));
                Head head = frames.head();
                assertThat(head.fields().status())
                        .as(String.join(" ", each.head()))
                        .asString()
                        .isEqualTo(each.status());
                assertThat(content(frames, stream)).contains("<h1>" + each.status());
                assertThat(server.nextRejected().status()).hasToString(each.status());
            }
            assertThat(server.finished).isEmpty();
            frames.headers(stream + 2, true, GET);
            assertThat(content(frames, stream + 2)).isEqualTo("|");
        }
    }

    private static String[] many(int fields) {
        String[] all = GET;
        for (int i = 0; i < fields; i++) {
            all = with(all, "x-" + i, "y");
        }
        return all;
    }

    @Test
    void contentPastTheLimitIsRefused() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, post());
            for (int i = 0; i < 11; i++) {
                frames.data(1, false, "x".repeat(10_000));
            }
            assertThat(frames.head().fields().status()).asString().isEqualTo("413");
            assertThat(server.nextFinished().outcome().status()).isEqualTo(413);
        }
    }

    @Test
    void http1GoesOnBesideIt() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send("PRI / HTTP/1.1\r\nHost: a.example\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"); // §3.1:
            // ignored
            assertThat(client.answer().status()).isEqualTo(200);
            client.send(FrameWire.PREFACE); // not where a connection begins
            assertThat(client.answer().status()).isEqualTo(505);
        }
    }

    @Test
    void aPrefaceInPieces() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            for (char each : FrameWire.PREFACE.toCharArray()) {
                client.send(String.valueOf(each));
            }
            FrameWire frames = FrameWire.of(client);
            frames.settings();
            frames.headers(1, true, GET);
            assertThat(content(frames, 1)).isEqualTo("|");
        }
    }

    @Test
    void onlyWhatTheListenerSpeaksIsSpoken() throws Exception {
        ListenerSettings.Timeouts timeouts = TestServer.timeouts(10_000);
        ListenerSettings one = new ListenerSettings(
                "test",
                TestServer.HEAD,
                10,
                10,
                timeouts,
                ListenerSettings.Entrance.OPEN,
                new ListenerSettings.Protocols(true, false),
                null);
        try (TestServer server = new TestServer(ECHO, one);
                RawClient client = server.connect()) {
            client.send(FrameWire.PREFACE);
            assertThat(client.answer().status()).isEqualTo(505);
        }
        ListenerSettings two = new ListenerSettings(
                "test",
                TestServer.HEAD,
                10,
                10,
                timeouts,
                ListenerSettings.Entrance.OPEN,
                new ListenerSettings.Protocols(false, true),
                null);
        try (TestServer server = new TestServer(ECHO, two);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(505);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aDrainedConnectionFinishesWhatItHas() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, true, GET);
            Pending first = TestServer.next(pending);
            CompletableFuture<Integer> drained =
                    server.listener.drain(java.time.Duration.ofSeconds(20)).toCompletableFuture();
            Frame farewell = frames.next(FrameWire.GOAWAY); // RFC 9113 §6.8
            assertThat(farewell.text()).startsWith("\u007f\u00ff\u00ff\u00ff");
            frames.headers(3, true, GET); // was on its way
            Pending second = TestServer.next(pending);
            assertThat(frames.next(FrameWire.GOAWAY).text()).startsWith("\u0000\u0000\u0000\u0003");
            frames.headers(5, false, post()); // is too late, and no fault
            frames.data(5, true, "x");
            first.text("first");
            assertThat(content(frames, 1)).isEqualTo("first");
            second.text("second");
            assertThat(content(frames, 3)).isEqualTo("second");
            assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
            assertThat(client.in().read()).isEqualTo(-1);
        }
    }
}
