package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a test of conformance says to a server, in frames that may be wrong, and what it expects to hear. */
final class Dialogue {
    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int FLOW_CONTROL_ERROR = 3;
    static final int STREAM_CLOSED = 5;
    static final int FRAME_SIZE_ERROR = 6;
    static final int REFUSED_STREAM = 7;
    static final int COMPRESSION_ERROR = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    final RawClient client;
    final FrameWire frames;

    Dialogue(RawClient client) {
        this.client = client;
        this.frames = FrameWire.of(client);
    }

    /** Both sides have said what they take. */
    Dialogue handshake() throws IOException {
        client.send(FrameWire.PREFACE);
        frames.settings();
        expect("the server's settings", frame -> frame.type() == FrameWire.SETTINGS && frame.flags() == 0);
        frames.send(FrameWire.SETTINGS, FrameWire.ACK, 0, new byte[0]);
        return expectSettingsAck();
    }

    // What is said.

    static byte[] block(String... fields) {
        return FrameWire.block(fields);
    }

    /** The fields of a usual request, and some more. */
    static String[] request(String method, String... more) {
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":path", "/", ":authority", "a.example"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A frame with any payload. */
    Dialogue frame(int type, int flags, int stream, String payload) throws IOException {
        frames.send(type, flags, stream, octets(payload));
        return this;
    }

    Dialogue headers(int stream, int flags, byte[] block) throws IOException {
        frames.send(FrameWire.HEADERS, flags, stream, block);
        return this;
    }

    /** A whole request without content. */
    Dialogue get(int stream) throws IOException {
        return headers(stream, FrameWire.END_HEADERS | FrameWire.END_STREAM, block(request("GET")));
    }

    /** A whole request without content, with its fields. */
    Dialogue ask(int stream, String... fields) throws IOException {
        return headers(stream, FrameWire.END_HEADERS | FrameWire.END_STREAM, block(fields));
    }

    /** The head of a request with content. */
    Dialogue post(int stream, String... more) throws IOException {
        return headers(stream, FrameWire.END_HEADERS, block(request("POST", more)));
    }

    Dialogue continuation(int stream, boolean last, String... fields) throws IOException {
        frames.send(FrameWire.CONTINUATION, last ? FrameWire.END_HEADERS : 0, stream, block(fields));
        return this;
    }

    Dialogue data(int stream, boolean ends, String text) throws IOException {
        frames.data(stream, ends, text);
        return this;
    }

    Dialogue reset(int stream, int code) throws IOException {
        frames.reset(stream, code);
        return this;
    }

    Dialogue priority(int stream, int on, int weight) throws IOException {
        frames.send(
                FrameWire.PRIORITY,
                0,
                stream,
                ByteBuffer.allocate(5).putInt(on).put((byte) weight).array());
        return this;
    }

    Dialogue settings(int... pairs) throws IOException {
        frames.settings(pairs);
        return this;
    }

    Dialogue windowUpdate(int stream, int octets) throws IOException {
        frames.windowUpdate(stream, octets);
        return this;
    }

    Dialogue ping(String eight) throws IOException {
        return frame(FrameWire.PING, 0, 0, eight);
    }

    // What is heard.

    private Frame expect(String what, Predicate<Frame> wanted) throws IOException {
        List<String> heard = new ArrayList<>();
        for (Frame frame = frames.any(); frame != null; frame = frames.any()) {
            heard.add(frame.toString());
            if (wanted.test(frame)) {
                return frame;
            }
        }
        throw new AssertionError("not " + what + " but the end, after " + heard);
    }

    Dialogue expectSettingsAck() throws IOException {
        expect("an acknowledgement", frame -> frame.type() == FrameWire.SETTINGS && frame.flags() == FrameWire.ACK);
        return this;
    }

    Dialogue expectHeaders(int stream) throws IOException {
        Frame head = expect("a head", frame -> frame.type() == FrameWire.HEADERS);
        assertThat(head.stream()).isEqualTo(stream);
        return this;
    }

    /** The next content, of so many octets; -1 for any. */
    Dialogue expectData(int length) throws IOException {
        Frame data = expect("content", frame -> frame.type() == FrameWire.DATA);
        if (length >= 0) {
            assertThat(data.text()).hasSize(length);
        }
        return this;
    }

    Dialogue expectStreamEnd() throws IOException {
        expect(
                "the end of a stream",
                frame -> (frame.type() == FrameWire.DATA || frame.type() == FrameWire.HEADERS) && frame.ends());
        return this;
    }

    Dialogue expectPong(String eight) throws IOException {
        Frame pong = expect("an answer to a ping", frame -> frame.type() == FrameWire.PING);
        assertThat(pong.flags()).isEqualTo(FrameWire.ACK);
        assertThat(pong.text()).isEqualTo(eight);
        return this;
    }

    /** The connection ends for this reason. */
    void expectConnectionError(Integer... codes) throws IOException {
        Frame farewell = expect("GOAWAY", frame -> frame.type() == FrameWire.GOAWAY);
        assertThat(code(farewell)).isIn(Arrays.asList(codes));
        expectEnd();
    }

    static int code(Frame farewell) {
        return ByteBuffer.wrap(farewell.payload()).getInt(4);
    }

    /** The stream ends for this reason, or the connection does. */
    void expectStreamError(int stream, Integer... codes) throws IOException {
        Frame end = expect(
                "RST_STREAM or GOAWAY",
                frame -> frame.type() == FrameWire.GOAWAY || frame.type() == FrameWire.RST_STREAM);
        if (end.type() == FrameWire.GOAWAY) {
            assertThat(code(end)).isIn(Arrays.asList(codes));
        } else {
            assertThat(end.code()).isIn(Arrays.asList(codes));
            assertThat(end.stream()).isEqualTo(stream);
        }
    }

    /** An answer to the ping, or the end. */
    void expectPongOrEnd(String eight) throws IOException {
        for (Frame frame = frames.any(); frame != null; frame = frames.any()) {
            if (frame.type() == FrameWire.PING) {
                assertThat(frame.text()).isEqualTo(eight);
                return;
            }
        }
    }

    void expectEnd() throws IOException {
        @Nullable Frame more = frames.any();
        while (more != null) {
            more = frames.any();
        }
        assertThat(client.isEnded()).isTrue();
    }
}
