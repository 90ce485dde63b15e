package io.larder.server;

import static io.larder.server.Dialogue.ENHANCE_YOUR_CALM;
import static io.larder.server.Dialogue.block;
import static io.larder.server.Dialogue.octets;
import static io.larder.server.Dialogue.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.server.connection.Flood;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.RawClient;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile client can do too much of is bounded, counted once, and answered by GOAWAY with ENHANCE_YOUR_CALM. */
class Http2FloodTest {
    private static final int WHOLE = FrameWire.END_HEADERS | FrameWire.END_STREAM;
    private static final String ZEROS = "\0\0\0\0\0\0\0\0";
    private static final byte[] GET = block(request("GET"));
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");

    /** Frames number {@code i} of a flood. */
    interface Frames {
        byte[] next(int i);
    }

    record Case(String name, Flood kind, int most, Frames frames) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return FrameWire.frame(type, flags, stream, payload);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] all(byte[]... frames) {
        return Dialogue.join(frames);
    }

    private static byte[] head(int stream, boolean ends, String... more) {
        return frame(FrameWire.HEADERS, ends ? WHOLE : FrameWire.END_HEADERS, stream, block(request("POST", more)));
    }

    private static int stream(int i) {
        return 2 * i + 1;
    }

    static Stream<Case> floods() {
        byte[] none = new byte[0];
        return Stream.of(
                new Case(
                        "rapid reset, CVE-2023-44487",
                        Flood.RESETS,
                        10_000,
                        i -> all(
                                frame(FrameWire.HEADERS, WHOLE, stream(i), GET),
                                frame(FrameWire.RST_STREAM, 0, stream(i), number(8)))),
                // CVE-2025-8671: ways to have streams reset by the server
                new Case(
                        "WINDOW_UPDATE by 0",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(head(stream(i), false), frame(FrameWire.WINDOW_UPDATE, 0, stream(i), number(0)))),
                new Case(
                        "WINDOW_UPDATE past the largest window",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(
                                head(stream(i), false),
                                frame(FrameWire.WINDOW_UPDATE, 0, stream(i), number(Integer.MAX_VALUE)))),
                new Case(
                        "DATA behind END_STREAM",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(head(stream(i), true), frame(FrameWire.DATA, 0, stream(i), octets("x")))),
                new Case(
                        "HEADERS behind END_STREAM",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(head(stream(i), true), head(stream(i), true))),
                new Case(
                        "another content-length",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(
                                head(stream(i), false, "content-length", "1"),
                                frame(FrameWire.DATA, FrameWire.END_STREAM, stream(i), octets("xx")))),
                new Case(
                        "PRIORITY of another length",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> all(head(stream(i), false), frame(FrameWire.PRIORITY, 0, stream(i), octets("xx")))),
                new Case(
                        "PRIORITY on itself",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> frame(FrameWire.PRIORITY, 0, stream(i), all(number(stream(i)), octets("x")))),
                new Case(
                        "malformed heads",
                        Flood.PROVOKED_RESETS,
                        5_000,
                        i -> head(stream(i), true, "connection", "close")),
                new Case("more streams than there may be", Flood.PROVOKED_RESETS, 5_000, i -> head(stream(i), false)),
                new Case("SETTINGS", Flood.SETTINGS, 10_000, i -> frame(FrameWire.SETTINGS, 0, 0, none)),
                new Case("PING", Flood.PINGS, 20_000, i -> frame(FrameWire.PING, 0, 0, octets(ZEROS))),
                new Case(
                        "PRIORITY",
                        Flood.PRIORITIES,
                        20_000,
                        i -> frame(FrameWire.PRIORITY, 0, stream(i), all(number(0), octets("x")))),
                new Case(
                        "WINDOW_UPDATE",
                        Flood.WINDOW_UPDATES,
                        50_000,
                        i -> frame(FrameWire.WINDOW_UPDATE, 0, 0, number(1))),
                new Case("frames of no known type", Flood.UNKNOWN_FRAMES, 10_000, i -> frame(0x20, 0, 0, none)),
                new Case(
                        "empty DATA",
                        Flood.EMPTY_DATA,
                        10_000,
                        i -> i == 0 ? head(1, false) : frame(FrameWire.DATA, 0, 1, none)),
                new Case(
                        "DATA that is all padding",
                        Flood.EMPTY_DATA,
                        10_000,
                        i -> i == 0 ? head(1, false) : frame(FrameWire.DATA, FrameWire.PADDED, 1, octets("\0"))),
                new Case(
                        "empty CONTINUATION, CVE-2026-33871",
                        Flood.FIELD_SECTIONS,
                        100_000,
                        i -> i == 0
                                ? frame(FrameWire.HEADERS, FrameWire.END_STREAM, 1, GET)
                                : frame(FrameWire.CONTINUATION, 0, 1, none)),
                new Case(
                        "CONTINUATION without end, CVE-2024-27919",
                        Flood.FIELD_SECTIONS,
                        1_000,
                        i -> i == 0
                                ? frame(FrameWire.HEADERS, FrameWire.END_STREAM, 1, GET)
                                : frame(FrameWire.CONTINUATION, 0, 1, block("x-" + i, "y".repeat(1000)))));
    }

    /** Works for requests whose client is there, and counts how many were begun. */
    private static Handler never(AtomicInteger begun) {
        return (request, exchange) -> {
            begun.incrementAndGet();
            CompletableFuture<Response> answer = new CompletableFuture<>();
            exchange.departure()
                    .onGone(() -> answer.completeExceptionally(new Failure(Failure.Kind.CLIENT_GONE, "gone")));
            return answer;
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodEndsItsConnectionAndNoOther(Case flood) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        try (TestServer server = new TestServer(never(begun));
                RawClient client = server.connect();
                RawClient other = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            Dialogue beside = new Dialogue(other).handshake();
            Thread sender = Thread.ofVirtual().start(() -> send(client, flood));
            Frame farewell = farewell(dialogue);
            assertThat(Dialogue.code(farewell)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(TestServer.next(server.floods)).isEqualTo(flood.kind.code());
            sender.join(Duration.ofSeconds(20));
            beside.ping("still in").expectPong("still in");
            assertThat(server.floods).as("told once").isEmpty();
            assertThat(begun.get()).as("requests that were put to the handler").isLessThan(250);
            assertThat(server.finished).as("all of them have ended").hasSize(begun.get());
        }
    }

    private static void send(RawClient client, Case flood) {
        try {
            ByteArrayOutputStream some = new ByteArrayOutputStream();
            for (int i = 0; i < flood.most; i++) {
                some.writeBytes(flood.frames.next(i));
                if (some.size() > 16_000) {
                    client.send(some.toByteArray());
                    some.reset();
                }
            }
            client.send(some.toByteArray());
        } catch (IOException closed) {
            // which is what is wanted
        }
    }

    private static Frame farewell(Dialogue dialogue) throws IOException {
        for (Frame frame = dialogue.frames.any(); frame != null; frame = dialogue.frames.any()) {
            if (frame.type() == FrameWire.GOAWAY) {
                return frame;
            }
        }
        throw new AssertionError("no GOAWAY");
    }

    /** A client that resets some of what it asks for, as people who browse do, is no flood. */
    @Test
    void resetsBesideAnswersAreNoFlood() throws Exception {
        try (TestServer server = new TestServer(OK);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            for (int i = 0; i < 1_000; i++) {
                dialogue.get(4 * i + 1).expectStreamEnd();
                dialogue.post(4 * i + 3).reset(4 * i + 3, 8);
            }
            assertThat(server.floods).isEmpty();
        }
    }

    /** CVE-2026-49975: few octets on the wire that become many fields. */
    @Test
    void aBombOfReferencesIsRefusedAndTheConnectionLivesOn() throws Exception {
        try (TestServer server = new TestServer(OK);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            byte[] large = octets("@\6x-bomb\u007f\u00e1\6" + "y".repeat(992)); // one field of the table, 1 kB
            byte[] references = octets("\u00be".repeat(5_000));
            for (int i = 0; i < 20; i++) {
                dialogue.headers(stream(i), WHOLE, Dialogue.join(GET, i == 0 ? large : new byte[0], references));
                FrameWire.Head head = dialogue.frames.head();
                assertThat(head.fields().status()).asString().isEqualTo("431");
            }
            byte[] crumbs = octets("\0\6cookie\1a".repeat(30)); // RFC 9113 §8.2.3: each counts
            dialogue.headers(stream(20), WHOLE, Dialogue.join(GET, crumbs));
            assertThat(dialogue.frames.head().fields().status()).asString().isEqualTo("431");
            dialogue.get(stream(21)).expectStreamEnd();
        }
    }

    /** The same on all streams that there may be, whose answers wait for windows that stay shut: it takes next to no memory. */
    @Test
    void bombsBehindShutWindowsTakeNoMemory() throws Exception {
        try (TestServer server = new TestServer(OK);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.settings(4, 0).expectSettingsAck();
            byte[] large = octets("@\6x-bomb\u007f\u00e1\6" + "y".repeat(992));
            byte[] references = octets("\u00be".repeat(5_000)); // five megabytes of fields, were they kept
            long before = memory();
            for (int i = 0; i < 100; i++) {
                dialogue.headers(stream(i), WHOLE, Dialogue.join(GET, i == 0 ? large : new byte[0], references));
                assertThat(dialogue.frames.head().fields().status()).asString().isEqualTo("431");
            }
            assertThat(memory() - before).as("octets").isLessThan(64 << 20);
            dialogue.settings(4, 65_535).expectSettingsAck(); // their answers leave
            dialogue.get(stream(100)).expectHeaders(stream(100));
            byte[] longer = octets("\u00be".repeat(10_000)); // more than any section may be that is not compressed
            dialogue.headers(stream(101), WHOLE, Dialogue.join(GET, longer)).expectConnectionError(ENHANCE_YOUR_CALM);
        }
    }

    /** Octets in use, on the heap and beside it. */
    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    /** CVE-2026-50560: what a client says about the size of heads is advice. */
    @Test
    void aClientThatTakesNoHeadIsAnsweredAllTheSame() throws Exception {
        try (TestServer server = new TestServer(OK);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.settings(6, 1).expectSettingsAck().get(1).expectHeaders(1).expectData(2);
        }
    }

    /** The table of our encoder stays small, however much of it the client would hold. */
    @Test
    void aClientCannotMakeOurTableGrow() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Handler handler = (request, exchange) -> CompletableFuture.completedFuture(
                Response.of(200, Headers.of("X-Unique", count.incrementAndGet() + "z".repeat(1000)), Body.none()));
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.settings(1, 1 << 30).expectSettingsAck();
            for (int i = 0; i < 50; i++) {
                dialogue.get(stream(i));
                assertThat(dialogue.frames.head().fields().get("x-unique")) // the test's decoder has a table of 4096
                        .asString()
                        .startsWith(String.valueOf(i + 1));
            }
        }
    }

    @Test
    void aStreamWhoseWindowStaysShutIsResetAndOthersGoOn() throws Exception {
        Duration patience = Duration.ofSeconds(30);
        ListenerSettings settings = TestServer.settings(
                new ListenerSettings.Timeouts(patience, patience, patience, Duration.ofMillis(200), patience));
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        Handler handler = (request, exchange) -> request.target().path().equals("/live")
                ? TestServer.answer(200, new Body.Live(new Stalled(cancelled), Body.UNKNOWN))
                : TestServer.text("hello");
        try (TestServer server = new TestServer(handler, settings);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.settings(4, 0).expectSettingsAck();
            String[] live = request("GET");
            live[5] = "/live";
            dialogue.get(1).ask(3, live);
            List<Frame> ends =
                    List.of(dialogue.frames.next(FrameWire.RST_STREAM), dialogue.frames.next(FrameWire.RST_STREAM));
            assertThat(ends).extracting(Frame::stream).containsExactlyInAnyOrder(1, 3);
            assertThat(ends).extracting(Frame::code).containsOnly(8);
            cancelled.join();
            assertThat(server.nextFinished().outcome().complete()).isFalse();
            assertThat(server.nextFinished().outcome().complete()).isFalse();
            dialogue.settings(4, 10).expectSettingsAck().get(5).expectData(5);
        }
    }

    /** Content that is never asked for: it would be, if its stream had a window. */
    private record Stalled(CompletableFuture<Void> cancelled) implements io.larder.http.Source {
        @Override
        public void read(Sink sink) {
            sink.chunk(Bytes.utf8("x"));
        }

        @Override
        public void cancel() {
            cancelled.complete(null);
        }
    }

    @Test
    void answersThatAreNotReadAreBounded() throws Exception {
        try (TestServer server = new TestServer((request, exchange) -> CompletableFuture.completedFuture(
                        Response.of(200, Headers.of("X-Large", "z".repeat(60_000)), Body.none())));
                RawClient client = new RawClient(server.listener.address(), 4096)) {
            new Dialogue(client).handshake();
            Case asking =
                    new Case("", Flood.UNREAD_OCTETS, 5_000, i -> all(frame(FrameWire.HEADERS, WHOLE, stream(i), GET)));
            Thread sender = Thread.ofVirtual().start(() -> send(client, asking));
            sender.join(Duration.ofSeconds(20));
            assertThat(sender.isAlive()).isFalse();
            assertThat(TestServer.next(server.floods)).isIn("provoked-resets", "unread-octets");
            assertThat(server.finished.size()).isLessThan(1_000);
        }
    }

    /** Nothing is known of such a head, and yet its refusal is an answer that somebody has to take. */
    @Test
    void refusalsOfLargeHeadsThatAreNotReadAreBounded() throws Exception {
        try (TestServer server = new TestServer(OK);
                RawClient client = new RawClient(server.listener.address(), 4096)) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.settings(4, 0).expectSettingsAck(); // no content is taken
            byte[] large = octets("@\6x-bomb\u007f\u00e1\6" + "y".repeat(992));
            dialogue.headers(stream(0), WHOLE, Dialogue.join(GET, large));
            byte[] references = Dialogue.join(GET, octets("\u00be".repeat(200)));
            Case asking = new Case(
                    "",
                    Flood.PROVOKED_RESETS,
                    5_000,
                    i -> all(frame(FrameWire.HEADERS, WHOLE, stream(i + 1), references)));
            Thread sender = Thread.ofVirtual().start(() -> send(client, asking));
            sender.join(Duration.ofSeconds(20));
            assertThat(sender.isAlive()).isFalse();
            assertThat(TestServer.next(server.floods)).isIn("provoked-resets", "unread-octets");
            assertThat(server.rejected.size()).isLessThan(1_000);
        }
    }
}
