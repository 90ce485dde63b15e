package io.larder.server;

import static io.larder.server.Dialogue.block;
import static io.larder.server.Dialogue.octets;
import static io.larder.server.Dialogue.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Source;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a client of HTTP/2 may take, in virtual time. */
class Http2TimersTest {
    private static final int WHOLE = FrameWire.END_HEADERS | FrameWire.END_STREAM;
    private static final ListenerSettings SETTINGS = TestServer.settings(new ListenerSettings.Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1)));
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final Handler READ =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));

    private static byte[] frame(int type, int flags, int stream, String payload) {
        return FrameWire.frame(type, flags, stream, octets(payload));
    }

    private static byte[] get(int stream) {
        return FrameWire.frame(FrameWire.HEADERS, WHOLE, stream, block(request("GET")));
    }

    private static void receive(EmbeddedServer server, byte[]... frames) {
        byte[] all = Dialogue.join(frames);
        server.receive(all, 0, all.length);
    }

    private static void greet(EmbeddedServer server, byte[]... more) {
        receive(server, octets(FrameWire.PREFACE), frame(FrameWire.SETTINGS, 0, 0, ""), Dialogue.join(more));
    }

    private static void pass(EmbeddedServer server, long millis) {
        server.loop.advance(Duration.ofMillis(millis));
    }

    /** The types of the frames that were sent since the last time, each with its stream: "1:0" is DATA on stream 1. */
    private static List<String> heard(EmbeddedServer server) {
        ByteBuffer sent = ByteBuffer.wrap(server.sent().getBytes(StandardCharsets.ISO_8859_1));
        List<String> frames = new ArrayList<>();
        while (sent.hasRemaining()) {
            int head = sent.getInt();
            sent.get();
            int stream = sent.getInt();
            frames.add(stream + ":" + (head & 0xff));
            sent.position(sent.position() + (head >>> 8));
        }
        return frames;
    }

    private static boolean isGoneAfter(EmbeddedServer server) {
        return !server.channel.isOpen() && heard(server).contains("0:" + FrameWire.GOAWAY);
    }

    @Test
    void anIdleConnectionIsClosedWithAGoodbye() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server);
            pass(server, 74_999);
            assertThat(server.channel.isOpen()).isTrue();
            receive(server, get(1));
            assertThat(heard(server)).contains("1:1", "1:0");
            pass(server, 74_999);
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 1);
            assertThat(isGoneAfter(server)).isTrue();
            assertThat(server.rejections).isEmpty();
        }
    }

    /** Idle is who asks for nothing, whatever else is sent, and however it is cut. */
    @Test
    void framesThatAreNoRequestsDoNotMakeItLessIdle() {
        byte[] ping = frame(FrameWire.PING, 0, 0, "12345678");
        for (int cut = 0; cut < ping.length; cut++) {
            try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
                greet(server);
                pass(server, 20_000);
                receive(server, get(1), Arrays.copyOf(ping, cut));
                for (int at = 20_000; at < 95_000; at += 5_000) {
                    assertThat(server.channel.isOpen())
                            .as("cut at %d, after %d ms", cut, at)
                            .isTrue();
                    pass(server, 5_000);
                    receive(server, Arrays.copyOfRange(ping, cut, ping.length), Arrays.copyOf(ping, cut));
                }
                assertThat(isGoneAfter(server)).as("cut at %d", cut).isTrue();
                assertThat(server.rejections).isEmpty();
            }
        }
    }

    /** As in HTTP/1: what was begun in time may be completed in its own time. */
    @Test
    void aHeadThatWasBegunBeforeTheIdleTimeWasOverIsAnswered() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server);
            pass(server, 74_000);
            byte[] head = get(1);
            receive(server, Arrays.copyOf(head, 5));
            pass(server, 9_000);
            receive(server, Arrays.copyOfRange(head, 5, head.length));
            assertThat(heard(server)).contains("1:1");
            pass(server, 74_999);
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 1);
            assertThat(isGoneAfter(server)).isTrue();
        }
    }

    /** What is added to what waits is no sign that the client takes any of it. */
    @Test
    void aClientThatTakesNothingIsCutOffHoweverMuchMoreThereIs() {
        Handler never = (request, exchange) -> new java.util.concurrent.CompletableFuture<>();
        try (EmbeddedServer server = new EmbeddedServer(never, SETTINGS)) {
            greet(server, get(1));
            heard(server);
            server.stopTaking();
            for (int at = 0; at < 60_000; at += 10_000) {
                receive(server, frame(FrameWire.PING, 0, 0, "12345678"));
                assertThat(server.channel.isOpen()).isTrue();
                pass(server, 10_000);
            }
            assertThat(server.channel.isOpen()).isFalse();
        }
    }

    @Test
    void aRequestUnderWayIsNotIdle() {
        Handler never = (request, exchange) -> new java.util.concurrent.CompletableFuture<>();
        try (EmbeddedServer server = new EmbeddedServer(never, SETTINGS)) {
            greet(server, get(1));
            pass(server, 3_600_000);
            assertThat(server.channel.isOpen()).isTrue();
        }
    }

    @Test
    void theClientsSettingsMustComeInTime() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            receive(server, octets(FrameWire.PREFACE));
            pass(server, 9_999);
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 1);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(server.rejections).containsExactly(408);
        }
    }

    @Test
    void aHeadMustHaveComeWholeInTimeHoweverItDrips() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server);
            byte[] head = get(1);
            for (int i = 0; i < 10; i++) {
                receive(server, Arrays.copyOfRange(head, i, i + 1));
                pass(server, 999);
            }
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 10);
            assertThat(isGoneAfter(server)).isTrue();
            assertThat(server.rejections).containsExactly(408);
        }
    }

    @Test
    void aHeadInManyFramesMustHaveComeWholeInTimeToo() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server, FrameWire.frame(FrameWire.HEADERS, FrameWire.END_STREAM, 1, block(request("GET"))));
            for (int i = 0; i < 10; i++) {
                pass(server, 999);
                receive(server, FrameWire.frame(FrameWire.CONTINUATION, 0, 1, block("x-" + i, "y")));
            }
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 10);
            assertThat(isGoneAfter(server)).isTrue();
        }
    }

    /** However the octets of a busy connection are cut: each head has its own time. */
    @Test
    void aConnectionWhoseReadsAllEndInsideAHeadLivesOn() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server, Arrays.copyOf(get(1), 5));
            for (int stream = 1; stream < 100; stream += 2) {
                pass(server, 5_000);
                byte[] head = get(stream);
                receive(server, Arrays.copyOfRange(head, 5, head.length), Arrays.copyOf(get(stream + 2), 5));
                assertThat(heard(server)).contains(stream + ":1");
            }
            assertThat(server.channel.isOpen()).isTrue();
        }
    }

    @Test
    void aPauseInsideABodyEndsIt() {
        try (EmbeddedServer server = new EmbeddedServer(READ, SETTINGS)) {
            greet(server, FrameWire.frame(FrameWire.HEADERS, FrameWire.END_HEADERS, 1, block(request("POST"))));
            for (String piece : List.of("h", "e", "l")) {
                pass(server, 29_999);
                receive(server, frame(FrameWire.DATA, 0, 1, piece));
            }
            assertThat(heard(server)).doesNotContain("1:1");
            pass(server, 30_000);
            assertThat(heard(server)).contains("1:1");
            assertThat(server.outcomes).hasSize(1);
            assertThat(server.outcomes.get(0).status()).isEqualTo(408);
            assertThat(server.channel.isOpen()).isTrue();
        }
    }

    @Test
    void octetsOfAFrameThatIsNotWholeAreNoPause() {
        try (EmbeddedServer server = new EmbeddedServer(READ, SETTINGS)) {
            greet(server, FrameWire.frame(FrameWire.HEADERS, FrameWire.END_HEADERS, 1, block(request("POST"))));
            byte[] data = frame(FrameWire.DATA, FrameWire.END_STREAM, 1, "hello");
            receive(server, Arrays.copyOf(data, 9));
            for (int i = 9; i < data.length; i++) {
                pass(server, 29_000);
                receive(server, Arrays.copyOfRange(data, i, i + 1));
            }
            assertThat(heard(server)).contains("1:1", "1:0");
            assertThat(server.outcomes.get(0).status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamWhoseContentIsNotTakenIsReset() {
        Source endless = new Source() {
            @Override
            public void read(Sink sink) {
                sink.chunk(Bytes.of(new byte[1000]));
            }

            @Override
            public void cancel() {}
        };
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(endless, Body.UNKNOWN));
        try (EmbeddedServer server = new EmbeddedServer(handler, SETTINGS)) {
            greet(server, get(1)); // whose window is 65,535 octets
            assertThat(heard(server)).contains("1:1", "1:0");
            pass(server, 59_000);
            receive(server, FrameWire.frame(FrameWire.WINDOW_UPDATE, 0, 0, octets("\0\0\0\1")));
            receive(server, FrameWire.frame(FrameWire.WINDOW_UPDATE, 0, 1, octets("\0\0\0\1")));
            assertThat(heard(server)).containsExactly("1:0"); // it has taken one: it has time again
            pass(server, 59_999);
            assertThat(heard(server)).isEmpty();
            pass(server, 1);
            assertThat(heard(server)).containsExactly("1:" + FrameWire.RST_STREAM);
            assertThat(server.outcomes.get(0).complete()).isFalse();
        }
    }

    @Test
    void aDrainedClientThatDoesNotAnswerIsNotWaitedForLonger() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            greet(server, get(1));
            heard(server);
            server.connections().drain();
            assertThat(heard(server)).containsExactly("0:" + FrameWire.GOAWAY, "0:" + FrameWire.PING);
            receive(server, get(3)); // was on its way
            assertThat(heard(server)).containsExactly("3:1", "3:0");
            pass(server, 1_000);
            assertThat(isGoneAfter(server)).isTrue();
        }
    }
}
