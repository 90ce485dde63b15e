package io.larder.testing;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** HTTP/2 frames on a connection, octet by octet, of either side: right or wrong, as the test wants. */
public final class FrameWire {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;
    public static final int ACK = 1;
    public static final int PADDED = 8;
    public static final int PRIORITISED = 0x20;

    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;

    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /**
     * A frame that has come.
     *
     * @param text its payload, an octet a character
     */
    public record Frame(int type, int flags, int stream, String text) {
        public boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        public byte[] payload() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        /** The error code of a RST_STREAM. */
        public int code() {
            return ByteBuffer.wrap(payload()).getInt();
        }
    }

    /** What the frames go by. */
    private interface Line {
        /** The next octets, a character each; fewer where the peer has closed. */
        String read(int length) throws IOException;

        void send(byte[] octets) throws IOException;
    }

    private final Line wire;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    private FrameWire(Line wire) {
        this.wire = wire;
    }

    /** Takes the client's preface, and sends settings: pairs of identifier and value. */
    public static FrameWire greet(ScriptedOrigin.Wire wire, int... settings) throws IOException {
        FrameWire frames = new FrameWire(new Line() {
            @Override
            public String read(int length) throws IOException {
                return wire.read(length);
            }

            @Override
            public void send(byte[] octets) throws IOException {
                wire.send(octets);
            }
        });
        String preface = wire.read(PREFACE.length());
        if (!preface.equals(PREFACE)) {
            throw new IOException("no preface of HTTP/2: " + preface);
        }
        frames.settings(settings);
        return frames;
    }

    /** The frames of a client, of which nothing has been sent. */
    public static FrameWire of(RawClient client) {
        return new FrameWire(new Line() {
            @Override
            public String read(int length) throws IOException {
                return new String(client.in().readNBytes(length), StandardCharsets.ISO_8859_1);
            }

            @Override
            public void send(byte[] octets) throws IOException {
                client.send(octets);
            }
        });
    }

    /** Sends a client's preface, with settings: pairs of identifier and value. */
    public static FrameWire greet(RawClient client, int... settings) throws IOException {
        FrameWire frames = of(client);
        client.send(PREFACE);
        frames.settings(settings);
        return frames;
    }

    /** The next frame that is about a stream, or a GOAWAY; settings are acknowledged on the way. */
    public Frame next() throws IOException {
        while (true) {
            Frame frame = any();
            if (frame == null) {
                throw new IOException("the peer has closed the connection");
            }
            if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
                send(SETTINGS, ACK, 0, new byte[0]);
            } else if (frame.type != SETTINGS && frame.type != WINDOW_UPDATE && frame.type != PING) {
                return frame;
            }
        }
    }

    /** The next frame of {@code type}; others are passed over. */
    public Frame next(int type) throws IOException {
        for (Frame frame = next(); ; frame = next()) {
            if (frame.type == type) {
                return frame;
            }
        }
    }

    /** The next head, and its stream. */
    public Head head() throws IOException {
        Frame frame = next(HEADERS);
        return new Head(frame.stream, frame.ends(), decoded(frame));
    }

    /** A head. */
    public record Head(int stream, boolean ends, Http2Headers fields) {}

    public Http2Headers decoded(Frame frame) throws IOException {
        try {
            return hpack.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload()));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** Any frame; null where the client has closed the connection. */
    public @Nullable Frame any() throws IOException {
        byte[] head = wire.read(9).getBytes(StandardCharsets.ISO_8859_1);
        if (head.length < 9) {
            return null;
        }
        int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
        return new Frame(head[3], head[4], ByteBuffer.wrap(head, 5, 4).getInt(), wire.read(length));
    }

    /** As {@link #any}, where the peer may not have closed. */
    public Frame one() throws IOException {
        Frame frame = any();
        if (frame == null) {
            throw new IOException("the peer has closed the connection");
        }
        return frame;
    }

    public void send(int type, int flags, int stream, byte[] payload) throws IOException {
        wire.send(frame(type, flags, stream, payload));
    }

    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public void headers(int stream, boolean ends, String... fields) throws IOException {
        send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
    }

    public void data(int stream, boolean ends, String text) throws IOException {
        send(DATA, ends ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A whole response. */
    public void answer(int stream, String text) throws IOException {
        headers(stream, false, ":status", "200");
        data(stream, true, text);
    }

    public void reset(int stream, int code) throws IOException {
        send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    public void goAway(int last, int code) throws IOException {
        send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(code).array());
    }

    public void windowUpdate(int stream, int octets) throws IOException {
        send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(octets).array());
    }

    public void settings(int... pairs) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        send(SETTINGS, 0, 0, payload.array());
    }

    /** Literal fields that are not indexed, and not compressed (RFC 7541 §6.2.2). */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            literal(out, fields[i]);
            literal(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        int rest = text.length();
        if (rest < 127) {
            out.write(rest);
        } else {
            out.write(127);
            for (rest -= 127; rest >= 128; rest >>= 7) {
                out.write((rest & 127) | 128);
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
