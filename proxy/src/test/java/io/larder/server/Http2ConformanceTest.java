package io.larder.server;

import static io.larder.server.Dialogue.COMPRESSION_ERROR;
import static io.larder.server.Dialogue.FLOW_CONTROL_ERROR;
import static io.larder.server.Dialogue.FRAME_SIZE_ERROR;
import static io.larder.server.Dialogue.PROTOCOL_ERROR;
import static io.larder.server.Dialogue.REFUSED_STREAM;
import static io.larder.server.Dialogue.STREAM_CLOSED;
import static io.larder.server.Dialogue.block;
import static io.larder.server.Dialogue.join;
import static io.larder.server.Dialogue.octets;
import static io.larder.server.Dialogue.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import io.larder.testing.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the tool h2spec looks at, all 147 cases of its sources, under its numbers: "generic" ones are its own, "hpack" ones those of RFC
 * 7541, the others those of RFC 7540, where what they ask for is also in RFC 9113 or is allowed by it. They are our own words
 * and frames; where that tool takes the end of the connection for any error, these want the error.
 */
class Http2ConformanceTest {
    private static final int END_STREAM = FrameWire.END_STREAM;
    private static final int END_HEADERS = FrameWire.END_HEADERS;
    private static final int WHOLE = END_HEADERS | END_STREAM;
    private static final int PADDED = FrameWire.PADDED;
    private static final int PRIORITISED = FrameWire.PRIORITISED;
    private static final String ZEROS = "\0\0\0\0\0\0\0\0";
    private static final String DUMMY = "x".repeat(100);

    /** Reads what it is sent, and answers more than a few octets. */
    private static final Handler HANDLER =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text("hello, world"));

    private static TestServer server;

    interface Script {
        void play(Dialogue d) throws Exception;
    }

    /** One case; a dialogue has its handshake behind it. */
    record Case(String section, String name, Script script) {
        @Override
        public String toString() {
            return section + ": " + name;
        }
    }

    private static final List<Case> CASES = new ArrayList<>();

    private static void add(String section, String name, Script script) {
        CASES.add(new Case(section, name, script));
    }

    @BeforeAll
    static void open() throws Exception {
        server = new TestServer(
                HANDLER,
                new ListenerSettings(
                        "test",
                        new io.larder.http.HeadLimits(8192, 8192, 65536, 100),
                        100,
                        100_000,
                        TestServer.timeouts(10_000)));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    static Stream<Case> cases() {
        CASES.clear();
        generic();
        genericHpack();
        hpack();
        startAndFrames();
        streams();
        frames();
        settingsAndWindows();
        messages();
        return CASES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void conforms(Case each) throws Exception {
        try (RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client);
            if (!each.name.endsWith("connection preface")) {
                dialogue.handshake();
            }
            each.script.play(dialogue);
        }
    }

    @Test
    void noneIsMissing() {
        assertThat(cases()).hasSize(147);
    }

    private static void preface(String section) {
        add(section, "client connection preface", d -> {
            d.client.send(FrameWire.PREFACE);
            d.settings(FrameWire.INITIAL_WINDOW_SIZE, 65_535);
            FrameWire.Frame first = d.frames.one();
            assertThat(first.type()).isEqualTo(FrameWire.SETTINGS);
            assertThat(first.flags()).isZero();
        });
    }

    private static void generic() {
        preface("generic/1");
        String s = "generic/2";
        add(
                s,
                "PRIORITY on an idle stream",
                d -> d.priority(1, 0, 255).ping(ZEROS).expectPong(ZEROS));
        add(
                s,
                "WINDOW_UPDATE on a half-closed (remote) stream",
                d -> d.settings(FrameWire.INITIAL_WINDOW_SIZE, 0)
                        .get(1)
                        .windowUpdate(1, 1)
                        .expectData(-1));
        add(
                s,
                "PRIORITY on a half-closed (remote) stream",
                d -> d.settings(FrameWire.INITIAL_WINDOW_SIZE, 0)
                        .get(1)
                        .priority(1, 0, 255)
                        .windowUpdate(1, 1)
                        .expectData(-1));
        add(
                s,
                "RST_STREAM on a half-closed (remote) stream",
                d -> d.get(1).reset(1, 8).ping(ZEROS).expectPongOrEnd(ZEROS));
        add(
                s,
                "PRIORITY on a closed stream",
                d -> d.get(1).expectStreamEnd().priority(1, 0, 255).ping(ZEROS).expectPong(ZEROS));
        byte[] get = block(request("GET"));
        add("generic/3.1", "DATA", d -> d.post(1).data(1, true, "test").expectHeaders(1));
        add(
                "generic/3.1",
                "several DATA",
                d -> d.post(1).data(1, false, "test").data(1, true, "test").expectHeaders(1));
        add(
                "generic/3.1",
                "DATA with padding",
                d -> d.post(1)
                        .frame(FrameWire.DATA, END_STREAM | PADDED, 1, "\5test\0\0\0\0\0")
                        .expectHeaders(1));
        add("generic/3.2", "HEADERS", d -> d.get(1).expectHeaders(1));
        add(
                "generic/3.2",
                "HEADERS with padding",
                d -> d.headers(1, WHOLE | PADDED, join(octets("\10"), get, octets(ZEROS)))
                        .expectHeaders(1));
        add(
                "generic/3.2",
                "HEADERS with a priority",
                d -> d.headers(1, WHOLE | PRIORITISED, join(octets("\0\0\0\0\u00ff"), get))
                        .expectHeaders(1));
        s = "generic/3.3";
        add(s, "PRIORITY with weight 1", d -> d.priority(1, 0, 0).get(1).expectHeaders(1));
        add(s, "PRIORITY with weight 256", d -> d.priority(1, 0, 255).get(1).expectHeaders(1));
        add(
                s,
                "PRIORITY that depends on a stream",
                d -> d.priority(3, 1, 0).get(1).expectHeaders(1));
        add(
                s,
                "PRIORITY that is exclusive",
                d -> d.priority(1, 1 << 31, 0).get(1).expectHeaders(1));
        add(
                s,
                "PRIORITY for an idle stream, then HEADERS for one with a smaller number",
                d -> d.priority(3, 0, 255).get(1).expectHeaders(1));
        add(
                "generic/3.4",
                "RST_STREAM",
                d -> d.headers(1, END_HEADERS, get).reset(1, 8).ping(ZEROS).expectPongOrEnd(ZEROS));
        add(
                "generic/3.5",
                "SETTINGS",
                d -> d.settings(1, 4096, 2, 1, 3, 100, 4, 65_535, 5, 16_384, 6, 100)
                        .expectSettingsAck());
        add("generic/3.7", "PING", d -> d.ping("h2spec\0\0").expectPong("h2spec\0\0"));
        add(
                "generic/3.8",
                "GOAWAY",
                d -> d.frame(FrameWire.GOAWAY, 0, 0, ZEROS + "h2spec")
                        .ping("h2spec\0\0")
                        .expectPongOrEnd("h2spec\0\0"));
        add(
                "generic/3.9",
                "WINDOW_UPDATE of the connection",
                d -> d.windowUpdate(0, 1).ping(ZEROS).expectPong(ZEROS));
        add(
                "generic/3.9",
                "WINDOW_UPDATE of a stream",
                d -> d.get(1).windowUpdate(1, 1).expectHeaders(1));
        add("generic/3.10", "CONTINUATION", d -> {
            d.headers(1, END_STREAM, java.util.Arrays.copyOf(get, 5));
            d.frames.send(FrameWire.CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(get, 5, get.length));
            d.expectHeaders(1);
        });
        add("generic/3.10", "several CONTINUATION", d -> {
            d.headers(1, END_STREAM, java.util.Arrays.copyOf(get, 5));
            d.frames.send(FrameWire.CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(get, 5, 10));
            d.frames.send(FrameWire.CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(get, 10, get.length));
            d.expectHeaders(1);
        });
        s = "generic/4";
        add(s, "GET", d -> d.get(1).expectHeaders(1));
        add(s, "HEAD", d -> d.ask(1, request("HEAD")).expectHeaders(1));
        add(s, "POST", d -> d.post(1).data(1, true, "test").expectHeaders(1));
        add(
                s,
                "POST with trailers",
                d -> d.post(1, "trailer", "x-test")
                        .data(1, false, "test")
                        .ask(1, "x-test", "ok")
                        .expectHeaders(1));
    }

    /** The ways to write a field (RFC 7541 §6), behind those of a usual request. */
    private static void genericHpack() {
        String s = "generic/5";
        String indexedName = "user-agent";
        field(s, "an indexed field", "\u00ba"); // from the table, where the field before has put it
        String huffmanIndexed = "\u0087\u00b5\5\u00b1a\u00ccZ\u0093\u0084\u009cH\u00ac\u00a4";
        String huffmanNew = "\u0085\u00f2\u00b2J\u0084\u00ff\u0084\u009cH\u00ac\u00a4";
        String plainIndexed = "\12" + indexedName + "\6h2spec";
        String plainNew = "\6x-test\6h2spec";
        field(s, "with indexing, known name, Huffman", "@" + huffmanIndexed);
        field(s, "with indexing, known name", "@" + plainIndexed);
        field(s, "with indexing, new name", "@" + plainNew);
        field(s, "with indexing, new name, Huffman", "@" + huffmanNew);
        field(s, "without indexing, known name", "\0" + plainIndexed);
        field(s, "without indexing, known name, Huffman", "\0" + huffmanIndexed);
        field(s, "without indexing, new name", "\0" + plainNew);
        field(s, "without indexing, new name, Huffman", "\0" + huffmanNew);
        field(s, "never indexed, known name", "\20" + plainIndexed);
        field(s, "never indexed, known name, Huffman", "\20" + huffmanIndexed);
        field(s, "never indexed, new name", "\20" + plainNew);
        field(s, "never indexed, new name, Huffman", "\20" + huffmanNew);
        add(
                s,
                "an update of the table's size",
                d -> d.headers(1, WHOLE, join(octets("?a"), block(request("GET"))))
                        .expectHeaders(1));
        add(
                s,
                "several updates of the table's size",
                d -> d.headers(1, WHOLE, join(octets("?a?\u00e1\u001f"), block(request("GET"))))
                        .expectHeaders(1));
    }

    private static void field(String section, String name, String representation) {
        boolean ofTable = representation.equals("\u00ba");
        byte[] before = ofTable ? octets("@\7x-first\1a") : new byte[0]; // becomes the first of the table: 62
        byte[] last = ofTable ? octets("\u00be") : octets(representation);
        add(
                section,
                name,
                d -> d.headers(1, WHOLE, join(block(request("GET")), before, last))
                        .expectHeaders(1));
    }

    private static void hpack() {
        compression("hpack/2.3.3", "an index that is none", "\u00c6");
        compression("hpack/2.3.3", "a name by an index that is none", "\u007f\7\0");
        compression("hpack/4.2", "an update of the table's size at the end", "\41");
        compression(
                "hpack/5.2",
                "Huffman with padding longer than 7 bits",
                "\0\u0085\u00f2\u00b2J\u0084\u00ff\u0084IP\u009f\u00ff");
        compression("hpack/5.2", "Huffman padded by zeros", "\0\u0085\u00f2\u00b2J\u0084\u00ff\u0083IP\u0090");
        compression(
                "hpack/5.2",
                "Huffman with EOS",
                "\0\u0085\u00f2\u00b2J\u0084\u00ff\u0087IQ\u00ff\u00ff\u00ff\u00fa\u007f");
        compression("hpack/6.1", "index 0", "\u0080");
        add(
                "hpack/6.3",
                "an update of the table's size past SETTINGS_HEADER_TABLE_SIZE",
                d -> d.headers(1, WHOLE, join(octets("?\u00e2\u001f"), block(request("GET"))))
                        .expectConnectionError(COMPRESSION_ERROR));
    }

    private static void compression(String section, String name, String representation) {
        add(
                section,
                name,
                d -> d.headers(1, WHOLE, join(block(request("GET")), octets(representation)))
                        .expectConnectionError(COMPRESSION_ERROR));
    }

    private static void startAndFrames() {
        preface("3.5");
        add("3.5", "an invalid connection preface", d -> {
            d.client.send("INVALID CONNECTION PREFACE\r\n\r\n"); // which makes it a request of HTTP/1, and no good one
            assertThat(d.client.answer().status()).isEqualTo(400);
            assertThat(d.client.isEnded()).isTrue();
        });
        add(
                "4.1",
                "a frame of unknown type",
                d -> d.frame(0x16, 0, 0, ZEROS).ping(ZEROS).expectPong(ZEROS));
        add(
                "4.1",
                "a frame with undefined flags",
                d -> d.frame(FrameWire.PING, 0x16, 0, ZEROS).expectPong(ZEROS));
        add(
                "4.1",
                "a frame with the reserved bit",
                d -> d.frame(FrameWire.PING, 0x16, 1 << 31, ZEROS).expectPong(ZEROS));
        add(
                "4.2",
                "DATA of 2^14 octets",
                d -> d.post(1).data(1, true, "x".repeat(16_384)).expectHeaders(1));
        add(
                "4.2",
                "DATA larger than SETTINGS_MAX_FRAME_SIZE",
                d -> d.post(1).data(1, true, "x".repeat(16_385)).expectStreamError(1, FRAME_SIZE_ERROR));
        add(
                "4.2",
                "HEADERS larger than SETTINGS_MAX_FRAME_SIZE",
                d -> d.ask(1, request("GET", "x-dummy", "x".repeat(16_384))).expectConnectionError(FRAME_SIZE_ERROR));
        add(
                "4.3",
                "an invalid field section",
                d -> d.headers(1, WHOLE, octets("@")).expectConnectionError(COMPRESSION_ERROR));
        interrupted("4.3");
    }

    /** A field section is one, and nothing stands between its frames. */
    private static void interrupted(String section) {
        add(
                section,
                "PRIORITY inside a field section",
                d -> d.headers(1, 0, block(request("GET")))
                        .priority(1, 0, 255)
                        .continuation(1, true, "x-dummy", DUMMY)
                        .expectConnectionError(PROTOCOL_ERROR));
        add(
                section,
                "HEADERS of another stream inside a field section",
                d -> d.headers(1, 0, block(request("GET")))
                        .get(3)
                        .continuation(1, true, "x-dummy", DUMMY)
                        .expectConnectionError(PROTOCOL_ERROR));
    }

    private static void streams() {
        add("5.1.1", "an even number", d -> d.get(2).expectConnectionError(PROTOCOL_ERROR));
        add("5.1.1", "a number smaller than one before", d -> d.get(5).get(3).expectConnectionError(PROTOCOL_ERROR));
        add("5.1.2", "more streams at once than there may be", d -> {
            d.settings(FrameWire.INITIAL_WINDOW_SIZE, 0);
            for (int i = 0; i <= 100; i++) {
                d.get(2 * i + 1);
            }
            d.expectStreamError(201, PROTOCOL_ERROR, REFUSED_STREAM);
        });
        String s = "5.1";
        add(s, "idle: DATA", d -> d.data(1, true, "test").expectStreamError(1, PROTOCOL_ERROR, STREAM_CLOSED));
        add(s, "idle: RST_STREAM", d -> d.reset(1, 8).expectConnectionError(PROTOCOL_ERROR));
        add(s, "idle: WINDOW_UPDATE", d -> d.windowUpdate(1, 100).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "idle: CONTINUATION",
                d -> d.continuation(1, true, request("GET")).expectConnectionError(PROTOCOL_ERROR));
        add(s, "half-closed (remote): DATA", d -> d.get(1).data(1, true, "test").expectStreamError(1, STREAM_CLOSED));
        add(s, "half-closed (remote): HEADERS", d -> d.get(1).get(1).expectStreamError(1, STREAM_CLOSED));
        add(
                s,
                "half-closed (remote): CONTINUATION",
                d -> d.get(1)
                        .continuation(1, true, request("GET"))
                        .expectStreamError(1, STREAM_CLOSED, PROTOCOL_ERROR));
        add(
                s,
                "closed: DATA after RST_STREAM",
                d -> d.post(1).reset(1, 8).data(1, true, "test").expectStreamError(1, STREAM_CLOSED));
        add(
                s,
                "closed: HEADERS after RST_STREAM",
                d -> d.post(1).reset(1, 8).get(1).expectStreamError(1, STREAM_CLOSED));
        add(
                s,
                "closed: CONTINUATION after RST_STREAM",
                d -> d.post(1)
                        .reset(1, 8)
                        .continuation(1, true, "x-dummy", DUMMY)
                        .expectStreamError(1, STREAM_CLOSED, PROTOCOL_ERROR));
        add(
                s,
                "closed: DATA",
                d -> d.get(1).expectStreamEnd().data(1, true, "test").expectStreamError(1, STREAM_CLOSED));
        add(s, "closed: HEADERS", d -> d.get(1).expectStreamEnd().get(1).expectConnectionError(STREAM_CLOSED));
        add(
                s,
                "closed: CONTINUATION",
                d -> d.get(1)
                        .expectStreamEnd()
                        .continuation(1, true, "x-dummy", DUMMY)
                        .expectConnectionError(STREAM_CLOSED, PROTOCOL_ERROR));
        add(
                "5.3.1",
                "HEADERS that depend on their own stream",
                d -> d.headers(1, WHOLE | PRIORITISED, join(octets("\0\0\0\1\u00ff"), block(request("GET"))))
                        .expectStreamError(1, PROTOCOL_ERROR));
        add(
                "5.3.1",
                "PRIORITY that depends on its own stream",
                d -> d.priority(1, 1, 255).expectStreamError(1, PROTOCOL_ERROR));
        add(
                "5.4.1",
                "an invalid PING ends the connection",
                d -> d.frame(FrameWire.PING, 0, 3, ZEROS).expectEnd());
        add(
                "5.4.1",
                "an invalid PING is answered by GOAWAY",
                d -> d.frame(FrameWire.PING, 0, 3, ZEROS).expectConnectionError(PROTOCOL_ERROR));
        add(
                "5.5",
                "a frame of an extension",
                d -> d.frame(0x16, 0, 0, ZEROS).ping(ZEROS).expectPong(ZEROS));
        add(
                "5.5",
                "a frame of an extension inside a field section",
                d -> d.headers(1, END_STREAM, block(request("GET")))
                        .frame(0x16, 0, 0, ZEROS)
                        .expectConnectionError(PROTOCOL_ERROR));
    }

    private static void frames() {
        add("6.1", "DATA on stream 0", d -> d.data(0, true, "test").expectConnectionError(PROTOCOL_ERROR));
        add(
                "6.1",
                "DATA on a stream that is neither open nor half-closed (local)",
                d -> d.ask(1, request("POST")).data(1, true, "test").expectStreamError(1, STREAM_CLOSED));
        add(
                "6.1",
                "DATA with more padding than payload",
                d -> d.post(1, "content-length", "4")
                        .frame(FrameWire.DATA, END_STREAM | PADDED, 1, "\6Test")
                        .expectConnectionError(PROTOCOL_ERROR));
        interrupted("6.2");
        add("6.2", "HEADERS on stream 0", d -> d.get(0).expectConnectionError(PROTOCOL_ERROR));
        byte[] get = block(request("GET"));
        add(
                "6.2",
                "HEADERS with more padding than payload",
                d -> d.headers(1, WHOLE | PADDED, join(new byte[] {(byte) (get.length + 2)}, get))
                        .expectStreamError(1, PROTOCOL_ERROR));
        add("6.3", "PRIORITY on stream 0", d -> d.priority(0, 0, 255).expectConnectionError(PROTOCOL_ERROR));
        add(
                "6.3",
                "PRIORITY of another length than 5",
                d -> d.get(1).frame(FrameWire.PRIORITY, 0, 1, "\u0080\0\0\1").expectStreamError(1, FRAME_SIZE_ERROR));
        add("6.4", "RST_STREAM on stream 0", d -> d.reset(0, 8).expectConnectionError(PROTOCOL_ERROR));
        add("6.4", "RST_STREAM on an idle stream", d -> d.reset(1, 8).expectConnectionError(PROTOCOL_ERROR));
        add(
                "6.4",
                "RST_STREAM of another length than 4",
                d -> d.get(1).frame(FrameWire.RST_STREAM, 0, 1, "\0\0\0").expectStreamError(1, FRAME_SIZE_ERROR));
        add("6.7", "PING", d -> d.ping("h2spec\0\0").expectPong("h2spec\0\0"));
        add(
                "6.7",
                "PING with ACK",
                d -> d.frame(FrameWire.PING, FrameWire.ACK, 0, "invalid\0")
                        .ping("h2spec\0\0")
                        .expectPong("h2spec\0\0"));
        add("6.7", "PING on a stream", d -> d.frame(FrameWire.PING, 0, 1, ZEROS).expectConnectionError(PROTOCOL_ERROR));
        add(
                "6.7",
                "PING of another length than 8",
                d -> d.frame(FrameWire.PING, 0, 0, "\0\0\0\0\0\0").expectConnectionError(FRAME_SIZE_ERROR));
        add(
                "6.8",
                "GOAWAY on a stream",
                d -> d.frame(FrameWire.GOAWAY, 0, 1, ZEROS).expectConnectionError(PROTOCOL_ERROR));
        String s = "6.10";
        add(
                s,
                "several CONTINUATION",
                d -> d.headers(1, END_STREAM, get)
                        .continuation(1, false, "x-dummy0", DUMMY)
                        .continuation(1, true, "x-dummy0", DUMMY)
                        .expectHeaders(1));
        add(
                s,
                "CONTINUATION followed by another frame",
                d -> d.headers(1, 0, block(request("POST")))
                        .continuation(1, false, "x-dummy0", DUMMY)
                        .data(1, true, "test")
                        .expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "CONTINUATION on stream 0",
                d -> d.headers(1, END_STREAM, get)
                        .continuation(0, true, "x-dummy0", DUMMY)
                        .expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "CONTINUATION after HEADERS with END_HEADERS",
                d -> d.get(1).continuation(1, true, "x-dummy0", DUMMY).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "CONTINUATION after CONTINUATION with END_HEADERS",
                d -> d.headers(1, END_STREAM, get)
                        .continuation(1, true, "x-dummy0", DUMMY)
                        .continuation(1, true, "x-dummy0", DUMMY)
                        .expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "CONTINUATION after DATA",
                d -> d.headers(1, 0, block(request("POST")))
                        .data(1, true, "test")
                        .continuation(1, false, "x-dummy0", DUMMY)
                        .continuation(0, true, "x-dummy0", DUMMY)
                        .expectConnectionError(PROTOCOL_ERROR));
        add(
                "7",
                "GOAWAY with an unknown code",
                d -> d.frame(FrameWire.GOAWAY, 0, 0, "\0\0\0\0\0\0\0\u00ff")
                        .ping("h2spec\0\0")
                        .expectPongOrEnd("h2spec\0\0"));
        add(
                "7",
                "RST_STREAM with an unknown code",
                d -> d.post(1).reset(1, 0xff).ping(ZEROS).expectPongOrEnd(ZEROS));
    }

    private static void settingsAndWindows() {
        String s = "6.5";
        add(
                s,
                "SETTINGS with ACK and a payload",
                d -> d.frame(FrameWire.SETTINGS, FrameWire.ACK, 0, "\0").expectConnectionError(FRAME_SIZE_ERROR));
        add(
                s,
                "SETTINGS on a stream",
                d -> d.frame(FrameWire.SETTINGS, 0, 1, "\0\3\0\0\0d").expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "SETTINGS whose length is no multiple of 6",
                d -> d.frame(FrameWire.SETTINGS, 0, 0, "\0\3\0")
                        .expectStreamError(0, PROTOCOL_ERROR, FRAME_SIZE_ERROR));
        s = "6.5.2";
        add(s, "SETTINGS_ENABLE_PUSH is neither 0 nor 1", d -> d.settings(2, 2).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "SETTINGS_INITIAL_WINDOW_SIZE is too large",
                d -> d.settings(4, 1 << 31).expectConnectionError(FLOW_CONTROL_ERROR));
        add(
                s,
                "SETTINGS_MAX_FRAME_SIZE is too small",
                d -> d.settings(5, 16_383).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "SETTINGS_MAX_FRAME_SIZE is too large",
                d -> d.settings(5, 16_777_216).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "a setting that nobody knows",
                d -> d.settings(0xff, 1).ping(ZEROS).expectPong(ZEROS));
        add(
                "6.5.3",
                "several values of SETTINGS_INITIAL_WINDOW_SIZE",
                d -> d.settings(4, 100, 4, 1).expectSettingsAck().get(1).expectData(1));
        add("6.5.3", "SETTINGS are acknowledged", d -> d.settings(2, 0).expectSettingsAck());
        s = "6.9";
        add(s, "WINDOW_UPDATE by 0", d -> d.windowUpdate(0, 0).expectConnectionError(PROTOCOL_ERROR));
        add(
                s,
                "WINDOW_UPDATE by 0 on a stream",
                d -> d.post(1).windowUpdate(1, 0).expectStreamError(1, PROTOCOL_ERROR));
        add(
                s,
                "WINDOW_UPDATE of another length than 4",
                d -> d.frame(FrameWire.WINDOW_UPDATE, 0, 0, "\0\0\1").expectConnectionError(FRAME_SIZE_ERROR));
        s = "6.9.1";
        add(
                s,
                "an initial window of 1",
                d -> d.settings(4, 1).expectSettingsAck().get(1).expectData(1));
        add(
                s,
                "a window above 2^31-1",
                d -> d.windowUpdate(0, Integer.MAX_VALUE)
                        .windowUpdate(0, Integer.MAX_VALUE)
                        .expectConnectionError(FLOW_CONTROL_ERROR));
        add(
                s,
                "a window of a stream above 2^31-1",
                d -> d.post(1)
                        .windowUpdate(1, Integer.MAX_VALUE)
                        .windowUpdate(1, Integer.MAX_VALUE)
                        .expectStreamError(1, FLOW_CONTROL_ERROR));
        s = "6.9.2";
        add(
                s,
                "SETTINGS_INITIAL_WINDOW_SIZE changes after HEADERS",
                d -> d.settings(4, 0).expectSettingsAck().get(1).settings(4, 1).expectData(1));
        add(
                s,
                "a window becomes negative",
                d -> d.settings(4, 3)
                        .expectSettingsAck()
                        .get(1)
                        .expectData(3)
                        .settings(4, 2)
                        .expectSettingsAck()
                        .windowUpdate(1, 2)
                        .expectData(1));
        add(
                s,
                "SETTINGS_INITIAL_WINDOW_SIZE is too large for a window",
                d -> d.frame(FrameWire.SETTINGS, 0, 0, "\0\4\u0080\0\0\0").expectConnectionError(FLOW_CONTROL_ERROR));
    }

    private static void messages() {
        add(
                "8.1",
                "a second HEADERS without END_STREAM",
                d -> d.post(1)
                        .data(1, false, "test")
                        .headers(1, END_HEADERS, block("x-test", "ok"))
                        .data(1, true, "test")
                        .expectStreamError(1, PROTOCOL_ERROR));
        malformed("8.1.2", "a name in upper case", request("GET", "X-TEST", "ok"));
        String s = "8.1.2.1";
        malformed(s, "an unknown pseudo-header field", request("GET", ":test", "ok"));
        malformed(s, "a pseudo-header field of responses", request("GET", ":status", "200"));
        add(
                s,
                "a pseudo-header field in trailers",
                d -> d.post(1)
                        .data(1, false, "test")
                        .headers(1, WHOLE, block(":method", "POST"))
                        .expectStreamError(1, PROTOCOL_ERROR));
        malformed(
                s,
                "a pseudo-header field behind others",
                "x-test",
                "ok",
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/",
                ":authority",
                "a.example");
        malformed("8.1.2.2", "a connection-specific field", request("GET", "connection", "keep-alive"));
        malformed(
                "8.1.2.2",
                "TE that says more than trailers",
                request("GET", "trailers", "test", "te", "trailers, deflate"));
        s = "8.1.2.3";
        malformed(s, "an empty :path", ":method", "GET", ":scheme", "http", ":path", "", ":authority", "a.example");
        malformed(s, "no :method", ":scheme", "http", ":path", "/", ":authority", "a.example");
        malformed(s, "no :scheme", ":method", "GET", ":path", "/", ":authority", "a.example");
        malformed(s, "no :path", ":method", "GET", ":scheme", "http", ":authority", "a.example");
        malformed(s, "two :method", request("GET", ":method", "GET"));
        malformed(s, "two :scheme", request("GET", ":scheme", "http"));
        malformed(s, "two :path", request("GET", ":path", "/"));
        add(
                "8.1.2.6",
                "content-length is not that of DATA",
                d -> d.post(1, "content-length", "1").data(1, true, "test").expectStreamError(1, PROTOCOL_ERROR));
        add(
                "8.1.2.6",
                "content-length is not that of several DATA",
                d -> d.post(1, "content-length", "1")
                        .data(1, false, "test")
                        .data(1, true, "test")
                        .expectStreamError(1, PROTOCOL_ERROR));
        add(
                "8.2",
                "PUSH_PROMISE",
                d -> d.get(1)
                        .frame(FrameWire.PUSH_PROMISE, END_HEADERS, 1, "\0\0\0\3")
                        .expectConnectionError(PROTOCOL_ERROR));
    }

    private static void malformed(String section, String name, String... fields) {
        add(section, name, d -> d.ask(1, fields).expectStreamError(1, PROTOCOL_ERROR));
    }
}
