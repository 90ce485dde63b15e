package io.larder.server.h1;

import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Status;
import io.larder.netty.Buffers;
import io.larder.server.connection.Delimitation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes the heads of responses (RFC 9112 §4, §5): prepared bytes, one after the other. */
final class ResponseHeads {
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] SWITCH = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] NOTHING = {};
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final int OWN = 160; // bytes of the longest status line and the fields written here, at most

    /** What becomes of the connection after the response (RFC 9112 §9.3). */
    enum Persistence {
        /** It lives on, as an HTTP/1.1 client expects without being told. */
        UNSAID,
        /** It lives on, as an HTTP/1.0 client asked. */
        KEPT,
        CLOSED
    }

    private ResponseHeads() {}

    /** Room for the head of {@code response}, in bytes: an estimate that is seldom exceeded. */
    static int room(Response response) {
        return OWN + response.headers().weight() + response.added().weight();
    }

    /** Writes the head of a final response, the empty line included. */
    static void write(
            ByteBuf out, Response response, Delimitation delimitation, Persistence persistence, byte[] dateLine) {
        out.writeBytes(StatusLine.of(response.status(), response.reason()));
        boolean keepsLength = delimitation.keepsLengthField(response.status());
        Buffers.copy(unframed(response.headers(), keepsLength), out);
        if (!response.added().isEmpty()) {
            Buffers.copy(unframed(response.added(), keepsLength), out);
        }
        if (!response.headers().contains(Fields.DATE) && !response.added().contains(Fields.DATE)) {
            out.writeBytes(dateLine);
        }
        long length = delimitation.declared();
        if (length != Body.UNKNOWN) {
            out.writeBytes(LENGTH);
            decimal(out, length);
            out.writeBytes(CRLF);
        } else if (delimitation instanceof Delimitation.Chunks) {
            out.writeBytes(CHUNKED);
        }
        out.writeBytes(line(persistence)).writeBytes(CRLF);
    }

    /** Writes the head of a 101, after which {@code protocol} is spoken (RFC 9110 §15.2.2). */
    static void writeSwitch(ByteBuf out, Response response, String protocol) {
        out.writeBytes(StatusLine.of(response.status(), response.reason()));
        Buffers.copy(unframed(response.headers(), false), out);
        Buffers.copy(unframed(response.added(), false), out);
        out.writeBytes(SWITCH);
        ByteBufUtil.writeAscii(out, protocol);
        out.writeBytes(CRLF).writeBytes(CRLF);
    }

    /** Writes an interim response (RFC 9110 §15.2). */
    static void writeInterim(ByteBuf out, int status, Headers headers) {
        Headers kept = unframed(headers, false);
        out.writeBytes(StatusLine.of(status, Status.reason(status)));
        Buffers.copy(kept, out);
        out.writeBytes(CRLF);
    }

    /** Framing is written here and nowhere else: whatever a response says about it is left out. */
    private static Headers unframed(Headers headers, boolean keepsLength) {
        boolean clean = !headers.contains(Fields.TRANSFER_ENCODING)
                && !headers.contains(Fields.CONNECTION)
                && (keepsLength || !headers.contains(Fields.CONTENT_LENGTH));
        return clean ? headers : headers.keeping(i -> !isFraming(headers, i, keepsLength));
    }

    private static boolean isFraming(Headers headers, int i, boolean keepsLength) {
        return headers.is(i, Fields.TRANSFER_ENCODING)
                || headers.is(i, Fields.CONNECTION)
                || (!keepsLength && headers.is(i, Fields.CONTENT_LENGTH));
    }

    private static byte[] line(Persistence persistence) {
        return switch (persistence) {
            case UNSAID -> NOTHING;
            case KEPT -> KEEP_ALIVE;
            case CLOSED -> CLOSE;
        };
    }

    private static void decimal(ByteBuf out, long value) {
        long unit = 1;
        while (value / unit > 9) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.writeByte((int) ('0' + value / unit % 10));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
