package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import io.larder.testing.LoggedLines;
import io.larder.testing.RawClient;
import io.larder.testing.Speech;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Connections of HTTP/2 with a few things wrong: frames that are bent, cut, lost, twice there, or in another order. Whatever comes,
 * nothing breaks that is not the client's own, nothing is left behind, and who comes next is served.
 */
class FrameFuzzTest {
    private static final ListenerSettings SETTINGS = TestServer.settings(new ListenerSettings.Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1)));

    private final AtomicInteger begun = new AtomicInteger();

    /** Answers at once, or when all has been read, or much later, or with more than a window holds. */
    private final Handler handler = (request, exchange) -> {
        begun.incrementAndGet();
        return switch (request.target().path()) {
            case "/early" -> TestServer.text("early");
            case "/large" ->
                TestServer.answer(200, new Body.Live(new ListSource(large(), Headers.EMPTY), Body.UNKNOWN));
            case "/slow" -> {
                CompletableFuture<Response> answer = new CompletableFuture<>();
                exchange.departure()
                        .onGone(() -> answer.completeExceptionally(new Failure(Failure.Kind.CLIENT_GONE, "gone")));
                exchange.loop()
                        .schedule(
                                Duration.ofMillis(40),
                                () -> answer.complete(
                                        Response.of(200, Headers.EMPTY, new Body.Whole(Bytes.utf8("slow")))));
                yield answer;
            }
            default -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));
        };
    };

    private static List<String> large() {
        return List.of("x".repeat(50_000), "y".repeat(50_000), "z".repeat(50_000));
    }

    // What a client says, as frames.

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return FrameWire.frame(type, flags, stream, payload);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static List<byte[]> dialogue(Speech speech) {
        List<byte[]> frames = new ArrayList<>();
        frames.add(FrameWire.PREFACE.getBytes(StandardCharsets.ISO_8859_1));
        frames.add(frame(FrameWire.SETTINGS, 0, 0, speech.once(3) ? new byte[] {0, 4, 0, 0, 0, 9} : new byte[0]));
        int requests = 1 + speech.below(8);
        for (int i = 0; i < requests; i++) {
            request(frames, 2 * i + 1, speech);
            aside(frames, speech, 2 * speech.below(requests) + 1);
        }
        return frames;
    }

    private static void request(List<byte[]> frames, int stream, Speech speech) {
        boolean content = speech.once(2);
        List<String> fields = new ArrayList<>(List.of(
                ":method",
                content ? "POST" : speech.one("GET", "HEAD"),
                ":scheme",
                "http",
                ":authority",
                "a.example",
                ":path",
                speech.one("/", "/early", "/large", "/slow")));
        if (speech.once(3)) {
            fields.addAll(
                    List.of(speech.one("x-a", "cookie", "expect", "te"), speech.one("b", "100-continue", "trailers")));
        }
        if (content && speech.once(3)) {
            fields.addAll(List.of("content-length", "10"));
        }
        byte[] block = FrameWire.block(fields.toArray(String[]::new));
        int cut = speech.once(3) ? speech.below(block.length) : block.length;
        int end = cut == block.length ? FrameWire.END_HEADERS : 0;
        int ends = content ? 0 : FrameWire.END_STREAM;
        frames.add(frame(FrameWire.HEADERS, end | ends, stream, Arrays.copyOf(block, cut)));
        if (end == 0) {
            byte[] rest = Arrays.copyOfRange(block, cut, block.length);
            frames.add(frame(FrameWire.CONTINUATION, FrameWire.END_HEADERS, stream, rest));
        }
        if (content) {
            boolean trailers = speech.once(4);
            frames.add(frame(FrameWire.DATA, 0, stream, new byte[speech.below(10)]));
            frames.add(frame(FrameWire.DATA, trailers ? 0 : FrameWire.END_STREAM, stream, new byte[speech.below(10)]));
            if (trailers) {
                byte[] last = FrameWire.block("x-sum", "7");
                frames.add(frame(FrameWire.HEADERS, FrameWire.END_HEADERS | FrameWire.END_STREAM, stream, last));
            }
        }
    }

    private static void aside(List<byte[]> frames, Speech speech, int stream) {
        switch (speech.below(9)) {
            case 0 -> frames.add(frame(FrameWire.PING, speech.below(2), 0, new byte[8]));
            case 1 -> frames.add(frame(FrameWire.WINDOW_UPDATE, 0, 0, number(1 + speech.below(100_000))));
            case 2 -> frames.add(frame(FrameWire.WINDOW_UPDATE, 0, stream, number(1 + speech.below(100_000))));
            case 3 -> frames.add(frame(FrameWire.RST_STREAM, 0, stream, number(8)));
            case 4 -> frames.add(frame(FrameWire.PRIORITY, 0, stream, new byte[5]));
            case 5 -> frames.add(frame(FrameWire.SETTINGS, FrameWire.ACK, 0, new byte[0]));
            case 6 -> frames.add(frame(FrameWire.GOAWAY, 0, 0, new byte[8]));
            case 7 -> frames.add(frame(0x20 + speech.below(20), speech.below(256), stream, new byte[speech.below(30)]));
            default -> {}
        }
    }

    // What happens to them.

    private static byte[] bent(List<byte[]> frames, Speech speech) {
        for (int n = speech.below(4); n > 0; n--) {
            int at = speech.below(frames.size());
            byte[] one = frames.get(at);
            if (one.length == 0) {
                continue;
            }
            switch (speech.below(8)) {
                case 0 -> one[speech.below(one.length)] ^= (byte) (1 << speech.below(8));
                case 1 -> one[speech.below(Math.min(9, one.length))] = (byte) speech.below(256);
                case 2 -> frames.set(at, Arrays.copyOf(one, speech.below(one.length + 1)));
                case 3 -> frames.add(speech.below(frames.size()), one.clone());
                case 4 -> frames.set(at, new byte[0]);
                case 5 -> frames.set(at, Arrays.copyOf(one, one.length + 1 + speech.below(20)));
                case 6 -> one[Math.min(2, one.length - 1)] = (byte) speech.below(256); // the least of the length
                default -> frames.add(speech.below(frames.size()), frames.remove(at));
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Nothing of ours logs but for bugs; what Netty logs would be one, too. */
    private static void isQuiet(LoggedLines lines, byte[] sent) {
        Speech.holds(lines.isEmpty(), () -> "a bug is logged, for " + Arrays.toString(sent));
    }

    @Test
    void inVirtualTimeNothingIsLeftBehind() {
        AtomicInteger wellFormed = new AtomicInteger();
        try (LoggedLines ours = new LoggedLines("io.larder");
                LoggedLines netty = new LoggedLines("io.netty")) {
            Speech.tryOut(100, 20_261_201, speech -> {
                begun.set(0);
                byte[] octets = bent(dialogue(speech), speech);
                List<Integer> outcomes = new ArrayList<>();
                try (EmbeddedServer server = new EmbeddedServer(handler, SETTINGS)) {
                    for (int at = 0; at < octets.length; ) {
                        int end = Math.min(octets.length, at + 1 + speech.below(speech.once(3) ? 20 : 2_000));
                        server.receive(octets, at, end);
                        at = end;
                    }
                    String sent = server.sent();
                    boolean ended = !server.channel.isActive();
                    if (speech.once(4)) {
                        server.endInput();
                    }
                    server.loop.advance(Duration.ofMinutes(10));
                    sent += server.sent();
                    String all = sent;
                    Speech.holds(!server.channel.isOpen(), () -> "it lives for ever: " + Arrays.toString(octets));
                    Speech.holds(!ended || isFarewell(all), () -> "no word at the end: " + Arrays.toString(octets));
                    server.outcomes.forEach(outcome -> outcomes.add(outcome.status()));
                }
                Speech.holds(
                        outcomes.size() == begun.get(),
                        () -> begun + " were begun, " + outcomes + " ended: " + Arrays.toString(octets));
                wellFormed.addAndGet(outcomes.contains(200) ? 1 : 0);
                isQuiet(ours, octets);
                isQuiet(netty, octets);
            });
        }
        assertThat(wellFormed.get())
                .as("connections on which something was served")
                .isPositive();
    }

    /** A GOAWAY, or the answer of HTTP/1.1 to a preface that is none; a client that has said goodbye needs none. */
    private static boolean isFarewell(String sent) {
        return sent.contains("\0\0\10\7\0\0\0\0\0") || sent.startsWith("HTTP/1.1 ") || sent.isEmpty();
    }

    @Test
    void overSocketsWhoComesNextIsServed() throws Exception {
        try (LoggedLines ours = new LoggedLines("io.larder");
                LoggedLines netty = new LoggedLines("io.netty");
                TestServer server = new TestServer(handler)) {
            Speech.tryOut(20, 20_261_202, speech -> {
                byte[] octets = bent(dialogue(speech), speech);
                try (RawClient hostile = server.connect();
                        RawClient client = server.connect()) {
                    hostile.send(octets);
                    FrameWire frames = FrameWire.greet(client);
                    frames.headers(1, true, Dialogue.request("GET"));
                    assertThat(frames.head().fields().status()).asString().isEqualTo("200");
                    if (speech.once(2)) {
                        hostile.reset();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(Arrays.toString(octets), e);
                }
                isQuiet(ours, octets);
                isQuiet(netty, octets);
            });
            eventually("all are gone", () -> server.listener.connections() == 0);
            eventually("all have ended", () -> server.finished.size() == begun.get());
        }
    }
}
