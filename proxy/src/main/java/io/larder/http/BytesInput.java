package io.larder.http;

import java.io.InputStream;
import java.util.Iterator;

/** Reads {@link Bytes} as a stream, for the JDK's decoders. Confined to one thread. */
final class BytesInput extends InputStream {
    private final Iterator<Bytes.Segment> rest;
    private Bytes.Segment now = new Bytes.Segment(new byte[0], 0, 0);
    private int at; // within the segment
    private long left;

    BytesInput(Bytes bytes) {
        this.rest = bytes.segments().iterator();
        this.left = bytes.length();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        while (at == now.length()) {
            now = rest.next();
            at = 0;
        }
        int given = Math.min(length, now.length() - at);
        System.arraycopy(now.array(), now.offset() + at, to, offset, given);
        at += given;
        left -= given;
        return given;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, left);
    }
}
