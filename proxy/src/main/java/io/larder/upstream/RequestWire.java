package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.netty.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;

/**
 * How a request looks on the wire (RFC 9112 §3). The fields are written as they are given; only the framing is added
 * here, and there is never one that this class did not write.
 */
final class RequestWire {
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "Content-Length: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SWITCH = "Connection: Upgrade\r\nUpgrade: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final FieldNames FRAMING = FieldNames.of(Fields.CONTENT_LENGTH, Fields.TRANSFER_ENCODING);

    /** A body up to this many bytes is copied beside the head, so that both leave in one write. */
    static final int SMALL = 16 * 1024;

    private RequestWire() {}

    /**
     * Writes the head, and the body where all of it is here; does not flush.
     *
     * @throws Failure when the target could not stand in a request line: a bug above, never sent
     */
    static void write(Channel channel, Request request) {
        String target = request.target().pathAndQuery();
        checkTarget(target);
        Headers fields = request.headers().without(FRAMING);
        Bytes small = smallBody(request.body());
        int size = target.length() + fields.weight() + 128 + (int) small.length();
        ByteBuf out = channel.alloc().ioBuffer(size);
        ByteBufUtil.writeAscii(out, request.method());
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, target);
        out.writeBytes(VERSION);
        Buffers.copy(fields, out);
        writeFraming(request, out);
        out.writeBytes(CRLF);
        Buffers.copy(small, out);
        channel.write(out);
        if (request.body() instanceof Body.Whole whole && whole.bytes().length() > SMALL) {
            channel.write(Buffers.wrap(whole.bytes()));
        }
    }

    private static void writeFraming(Request request, ByteBuf out) {
        if (request.protocol() != null) {
            out.writeBytes(SWITCH);
            ByteBufUtil.writeAscii(out, request.protocol());
            out.writeBytes(CRLF);
            return;
        }
        long length = request.body().length();
        if (length == Body.UNKNOWN) {
            out.writeBytes(CHUNKED);
        } else if (length > 0 || expectsContent(request)) {
            out.writeBytes(LENGTH);
            ByteBufUtil.writeAscii(out, Long.toString(length));
            out.writeBytes(CRLF);
        }
    }

    /** Whether the length of no content is worth saying. "A user agent SHOULD send Content-Length … when the method defines a meaning for content" (RFC 9110 §8.6). */
    static boolean expectsContent(Request request) {
        return switch (request.method()) {
            case "POST", "PUT", "PATCH" -> true;
            default -> request.body() instanceof Body.Live;
        };
    }

    private static Bytes smallBody(Body body) {
        return body instanceof Body.Whole whole && whole.bytes().length() <= SMALL ? whole.bytes() : Bytes.EMPTY;
    }

    /** @throws Failure where {@code target} could not stand in a request line */
    static void checkTarget(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new Failure(Failure.Kind.INTERNAL, "the target holds a character that splits a message", true);
            }
        }
    }
}
