package io.larder.server.h1;

import io.larder.http.HeadLimits;
import io.larder.http.HeadParser;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.netty.Buffers;
import io.larder.netty.HeadScanner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Finds request heads in what a connection has received, however it was split. Confined to its connection. */
final class RequestReader {
    private static final int MAX_EMPTY_LINES = 2;

    private final HeadLimits limits;
    private final HeadScanner scanner = new HeadScanner();
    private int emptyLines; // before the request line that is being waited for
    private boolean startLineEnds; // its end has been seen

    RequestReader(HeadLimits limits) {
        this.limits = limits;
    }

    /**
     * The next request head, whose bytes are consumed.
     *
     * @return null when it has not come whole; nothing but empty lines is consumed then
     * @throws Malformed 400, 414, 431 or 505, as soon as it is certain; the offending bytes are not consumed
     */
    @Nullable
    RequestHead next(ByteBuf in) throws Malformed {
        skipEmptyLines(in);
        if (in.readableBytes() < 2 && isHalfEmptyLine(in)) {
            return null;
        }
        int length = scanner.find(in);
        if (length < 0) {
            refuseHopeless(in);
            return null;
        }
        in.markReaderIndex();
        byte[] bytes = Buffers.take(in, length);
        try {
            RequestHead head = HeadParser.request(bytes, 0, length, limits);
            emptyLines = 0;
            startLineEnds = false;
            return head;
        } catch (Malformed refused) {
            in.resetReaderIndex();
            throw refused;
        }
    }

    /** RFC 9112 §2.2: a server should ignore at least one empty line before the request line. */
    private void skipEmptyLines(ByteBuf in) throws Malformed {
        while (in.readableBytes() >= 2
                && in.getByte(in.readerIndex()) == '\r'
                && in.getByte(in.readerIndex() + 1) == '\n') {
            if (++emptyLines > MAX_EMPTY_LINES) {
                throw new Malformed(400, "too many empty lines before the request line (RFC 9112 section 2.2)");
            }
            in.skipBytes(2);
        }
    }

    private static boolean isHalfEmptyLine(ByteBuf in) {
        return !in.isReadable() || in.getByte(in.readerIndex()) == '\r';
    }

    /** Does not wait for the rest of what can never become a head within the limits. */
    private void refuseHopeless(ByteBuf in) throws Malformed {
        int readable = in.readableBytes();
        byte first = in.getByte(in.readerIndex());
        if (first <= ' ' || first == 0x7f) {
            throw new Malformed(400, "the method is not a token (RFC 9110 section 9.1)");
        }
        if (!startLineEnds) {
            int within = Math.min(readable, limits.startLine() + 2);
            startLineEnds = in.indexOf(in.readerIndex(), in.readerIndex() + within, (byte) '\n') >= 0;
            if (!startLineEnds && readable > limits.startLine() + 2) {
                throw new Malformed(414, "the request line is longer than " + limits.startLine() + " bytes");
            }
        }
        if (readable > limits.whole()) {
            throw new Malformed(431, "the fields are longer than " + limits.total() + " bytes");
        }
    }

    /** Whether what stands unread looks like a HEAD request: its answer has no content, not even an error's. */
    static boolean isHead(ByteBuf in) {
        int at = in.readerIndex();
        return in.readableBytes() > 4 && in.getInt(at) == 0x48454144 && in.getByte(at + 4) == ' ';
    }
}
