package io.larder.assembly;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Slices;
import io.larder.http.Source;
import io.larder.http.Sources;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The octets of a page in their order, each as soon as all before it are known. Where one of its holes cannot be filled, the
 * page breaks off there. Confined to the page's loop.
 */
final class PageSource implements Source {
    /** More is not handed out at once, in octets, where a piece ends. */
    private static final long MUCH = 256 * 1024;

    private final Page page;
    private final Form form;
    private final Deque<Slot> ahead;
    private Source known = Sources.of(Bytes.EMPTY); // what is known and was not read yet
    private @Nullable Sink waiting;
    private long left; // octets of it
    private boolean started;
    private boolean ended;

    PageSource(Page page, Form form) {
        this.page = page;
        this.form = form;
        this.ahead = new ArrayDeque<>(page.slots());
        page.onChange(this::goOn);
    }

    @Override
    public void read(Sink sink) {
        if (left == 0) {
            Bytes next = next();
            left = next.length();
            known = new Slices(next);
        }
        if (left > 0) {
            known.read(new Counting(sink));
        } else if (ended) {
            page.abandon();
            sink.end(Headers.EMPTY);
        } else if (isBroken()) {
            page.abandon();
            sink.failed(page.failure());
        } else {
            waiting = sink;
        }
    }

    /** Hands on what is known piece by piece, so that a slow client holds no more of it than one. */
    private final class Counting implements Sink {
        private final Sink sink;

        Counting(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void chunk(Bytes bytes) {
            left -= bytes.length();
            sink.chunk(bytes);
        }

        @Override
        public void end(Headers trailers) {
            throw new IllegalStateException("less than is known");
        }

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException("what is here cannot fail", cause);
        }
    }

    private void goOn() {
        Sink sink = waiting;
        if (sink != null) {
            waiting = null;
            read(sink);
        }
    }

    private boolean isBroken() {
        Slot first = ahead.peek();
        return first != null && first.state() == Slot.State.FAILED;
    }

    /** All that is known of what comes next. */
    private Bytes next() {
        List<Bytes> octets = new ArrayList<>();
        long length = 0;
        if (!started) {
            started = true;
            octets.add(form.start());
        }
        while (length < MUCH && !ahead.isEmpty() && ahead.peek().state() == Slot.State.FILLED) {
            Bytes piece = piece(ahead.remove());
            octets.add(piece);
            length += piece.length();
        }
        if (ahead.isEmpty() && !ended) {
            ended = true;
            octets.add(form.end());
        }
        return Bytes.concat(octets);
    }

    private Bytes piece(Slot filled) {
        return switch (filled) {
            case Slot.Ready(Bytes octets, boolean lasting) -> form.piece(octets, lasting);
            case Hole hole -> form.piece(hole.octets(), hole.isLasting());
            case Slot.Trial trial -> {
                List<Slot> chosen = trial.chosen();
                for (int i = chosen.size() - 1; i >= 0; i--) {
                    ahead.addFirst(chosen.get(i));
                }
                yield Bytes.EMPTY;
            }
        };
    }

    @Override
    public void cancel() {
        waiting = null;
        page.abandon();
    }
}
