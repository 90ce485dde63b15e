package io.larder.app;

import io.larder.testing.FrameWire;
import io.larder.testing.Speech;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a client says in HTTP/2, in frames, on one connection. */
final class UtteredFrames {
    private final Http2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);

    /** The frames, whole. */
    byte[] frames(Utterance said, int stream, Speech speech) throws Http2Exception {
        List<String> fields = new ArrayList<>(List.of(":method", said.method(), ":scheme", "http"));
        boolean byHost = speech.once(10); // RFC 9113 §8.3.1: a Host will do
        if (!byHost) {
            fields.addAll(List.of(":authority", said.host()));
        }
        fields.addAll(List.of(":path", said.target()));
        if (byHost || speech.once(10)) {
            fields.addAll(List.of("host", said.host()));
        }
        said.fields().forEach(field -> fields.addAll(List.of(field.name(), field.value())));
        String content = said.content();
        if (content != null && said.trailers().isEmpty() && speech.once(2)) { // HTTP/1.1 has no room for both
            fields.addAll(List.of("content-length", String.valueOf(content.length())));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        block(out, stream, fields, content == null, speech);
        if (content != null) {
            for (String piece : Utterance.pieces(content, speech)) {
                data(out, stream, piece, false, speech);
            }
            if (said.trailers().isEmpty()) {
                data(out, stream, "", true, speech);
            } else {
                List<String> last = new ArrayList<>();
                said.trailers().forEach(field -> last.addAll(List.of(field.name(), field.value())));
                block(out, stream, last, true, speech);
            }
        }
        return out.toByteArray();
    }

    private void block(ByteArrayOutputStream out, int stream, List<String> fields, boolean ends, Speech speech)
            throws Http2Exception {
        byte[] block = speech.once(3) ? FrameWire.block(fields.toArray(String[]::new)) : encoded(stream, fields);
        int first = Math.min(speech.once(3) ? speech.below(block.length + 1) : block.length, 16_384);
        int flags = ends ? FrameWire.END_STREAM : 0;
        int at = first;
        out.writeBytes(FrameWire.frame(
                FrameWire.HEADERS,
                flags | (at == block.length ? FrameWire.END_HEADERS : 0),
                stream,
                Arrays.copyOf(block, first)));
        while (at < block.length) {
            int end = Math.min(block.length, at + 16_384);
            byte[] more = Arrays.copyOfRange(block, at, end);
            at = end;
            out.writeBytes(FrameWire.frame(
                    FrameWire.CONTINUATION, at == block.length ? FrameWire.END_HEADERS : 0, stream, more));
        }
    }

    private byte[] encoded(int stream, List<String> fields) throws Http2Exception {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.size(); i += 2) {
            head.add(new AsciiString(octets(fields.get(i)), false), new AsciiString(octets(fields.get(i + 1)), false));
        }
        ByteBuf out = Unpooled.buffer();
        encoder.encodeHeaders(stream, head, out);
        return ByteBufUtil.getBytes(out);
    }

    private static void data(ByteArrayOutputStream out, int stream, String piece, boolean ends, Speech speech) {
        int end = ends ? FrameWire.END_STREAM : 0;
        if (speech.once(5) && piece.length() < 16_000) {
            byte[] padded = octets("\3" + piece + "\0\0\0");
            out.writeBytes(FrameWire.frame(FrameWire.DATA, end | FrameWire.PADDED, stream, padded));
        } else {
            out.writeBytes(FrameWire.frame(FrameWire.DATA, end, stream, octets(piece)));
        }
    }

    private static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
