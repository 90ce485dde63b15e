package io.larder.http;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers what is written to it in segments of at most {@link Bytes#SEGMENT} octets. Confined to one thread. */
final class BytesOutput extends OutputStream {
    private final List<Bytes> full = new ArrayList<>();
    private byte[] now = new byte[8 * 1024];
    private int length;

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        for (int done = 0; done < count; ) {
            if (length == now.length) {
                grow();
            }
            int fits = Math.min(count - done, now.length - length);
            System.arraycopy(from, offset + done, now, length, fits);
            length += fits;
            done += fits;
        }
    }

    private void grow() {
        if (now.length < Bytes.SEGMENT) {
            now = Arrays.copyOf(now, now.length * 2);
        } else {
            full.add(Bytes.of(now));
            now = new byte[Bytes.SEGMENT];
            length = 0;
        }
    }

    /** All of it; nothing may be written afterwards. */
    Bytes bytes() {
        full.add(Bytes.of(Arrays.copyOf(now, length)));
        return Bytes.concat(full);
    }
}
