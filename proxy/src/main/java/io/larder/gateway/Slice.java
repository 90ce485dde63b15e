package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import org.jspecify.annotations.Nullable;

/**
 * One range of a body that is still coming: what is before it is read and let go, what is after it is not read at all.
 * Confined to its reader's loop.
 */
final class Slice implements Source, Source.Sink {
    private final Source whole;
    private final boolean reachesEnd;
    private long before; // octets still to be let go
    private long left; // octets still to be handed on
    private @Nullable Sink sink;
    private boolean wanted;
    private boolean reading;

    /** @param length of the whole body */
    Slice(Source whole, ByteRange range, long length) {
        this.whole = whole;
        this.before = range.first();
        this.left = range.length();
        this.reachesEnd = range.last() == length - 1;
    }

    @Override
    public void read(Sink asking) {
        if (left == 0 && !reachesEnd) {
            asking.end(Headers.EMPTY);
        } else {
            sink = asking;
            ask();
        }
    }

    /** Whatever comes is answered in this loop: a source that is prompt must not grow the stack. */
    private void ask() {
        wanted = true;
        if (!reading) {
            reading = true;
            while (wanted) {
                wanted = false;
                whole.read(this);
            }
            reading = false;
        }
    }

    @Override
    public void cancel() {
        sink = null;
        whole.cancel();
    }

    @Override
    public void chunk(Bytes bytes) {
        long from = Math.min(before, bytes.length());
        long to = Math.min(bytes.length(), from + left);
        before -= from;
        left -= to - from;
        if (left == 0 && !reachesEnd) {
            whole.cancel();
        }
        if (from == to && sink != null) {
            ask();
        } else if (from < to) {
            answer().chunk(bytes.slice(from, to));
        }
    }

    @Override
    public void end(Headers trailers) {
        if (left > 0) {
            failed(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the content ended inside the range"));
        } else {
            answer().end(trailers);
        }
    }

    @Override
    public void failed(Throwable cause) {
        answer().failed(cause);
    }

    private Sink answer() {
        Sink to = sink;
        sink = null;
        if (to == null) {
            throw new IllegalStateException("nobody asked");
        }
        return to;
    }
}
