package io.larder.http;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Takes the chunked transfer coding off a body (RFC 9112 §7.1), however its bytes are split. Confined to one
 * connection; one instance a body.
 *
 * <p>Chunk extensions are read and dropped; a bare LF, white space inside a chunk line, or a size past 2^60 is refused.
 */
public final class ChunkedDecoder {
    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        DONE
    }

    private static final int MAX_SIZE_DIGITS = 15;

    private final HeadLimits limits;
    private final ByteArrayOutputStream section = new ByteArrayOutputStream(0);
    private final ChunkExtension extension = new ChunkExtension();
    private State state = State.SIZE;
    private long remaining;
    private int digits;
    private int line; // bytes of the trailer line that is being read
    private Headers trailers = Headers.EMPTY;

    /** @param limits bound the trailer section */
    public ChunkedDecoder(HeadLimits limits) {
        this.limits = limits;
    }

    /** Whether the last chunk and the trailer section have been read. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** The trailer fields; {@link Headers#EMPTY} before the end or where there were none. */
    public Headers trailers() {
        return trailers;
    }

    /**
     * Reads from {@code in}, which is not written to afterwards: the data handed out shares it.
     *
     * @return how many bytes were consumed: all of them, unless the body ended before
     * @throws Malformed 400 (from a client) when the coding is broken; a server's is to be answered with 502
     */
    public int decode(byte[] in, int start, int end, Consumer<Bytes> out) throws Malformed {
        int at = start;
        while (at < end && state != State.DONE) {
            at = state == State.DATA ? data(in, at, end, out) : step(in[at], at);
        }
        return at - start;
    }

    private int data(byte[] in, int at, int end, Consumer<Bytes> out) {
        int length = (int) Math.min(remaining, end - at);
        out.accept(Bytes.of(in, at, length));
        remaining -= length;
        if (remaining == 0) {
            state = State.DATA_CR;
        }
        return at + length;
    }

    private int step(byte b, int at) throws Malformed {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> afterSize(b);
            case DATA_CR -> expect(b, '\r', State.DATA_LF);
            case DATA_LF -> expect(b, '\n', State.SIZE);
            case TRAILERS -> trailer(b);
            case DATA, DONE -> throw new IllegalStateException();
        }
        return at + 1;
    }

    private void size(byte b) throws Malformed {
        int digit = Character.digit(b & 0xff, 16);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw new Malformed(400, "a chunk size is too large (RFC 9112 section 7.1)");
            }
            remaining = remaining * 16 + digit;
        } else if (digits == 0) {
            throw new Malformed(400, "a chunk has no size (RFC 9112 section 7.1)");
        } else if (b == ';') {
            extension.begin();
            state = State.EXTENSION;
        } else {
            expect(b, '\r', State.SIZE_LF);
        }
    }

    private void extension(byte b) throws Malformed {
        if (b == '\r' && extension.mayEnd()) {
            state = State.SIZE_LF;
        } else {
            extension.take(b);
        }
    }

    private void afterSize(byte b) throws Malformed {
        expect(b, '\n', remaining == 0 ? State.TRAILERS : State.DATA);
        digits = 0;
    }

    private void trailer(byte b) throws Malformed {
        section.write(b);
        if (section.size() > limits.total() + 2) {
            throw new Malformed(431, "the trailer section is longer than " + limits.total() + " bytes");
        }
        line++;
        if (b == '\n') {
            boolean empty = line <= 2;
            line = 0;
            if (empty) {
                byte[] lines = section.toByteArray();
                trailers = HeadParser.fields(lines, 0, lines.length, limits);
                state = State.DONE;
            }
        }
    }

    private void expect(byte b, char wanted, State next) throws Malformed {
        if (b != wanted) {
            throw new Malformed(400, "chunk framing is broken (RFC 9112 section 7.1)");
        }
        state = next;
    }
}
