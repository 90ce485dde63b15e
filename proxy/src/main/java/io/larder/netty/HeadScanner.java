package io.larder.netty;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a message head in what has arrived so far, without looking at a byte twice. Confined to one
 * connection.
 */
public final class HeadScanner {
    private int scanned; // bytes after the reader index that hold no end of head

    /**
     * Looks for the empty line that ends a head which begins at the reader index. A line feed is enough to end a line
     * here; the parser refuses the head if its CR is missing.
     *
     * @return the head's length with its empty line, or -1 where it is not complete
     */
    public int find(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int from = start + scanned;
        while (from < end) {
            int lf = in.indexOf(from, end, (byte) '\n');
            if (lf < 0) {
                break;
            }
            int next = lf + 1 < end && in.getByte(lf + 1) == '\r' ? lf + 2 : lf + 1;
            if (next >= end) {
                scanned = lf - start;
                return -1;
            }
            if (in.getByte(next) == '\n') {
                scanned = 0;
                return next + 1 - start;
            }
            from = lf + 1;
        }
        scanned = end - start;
        return -1;
    }
}
