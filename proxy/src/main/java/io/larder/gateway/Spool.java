package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body with one origin and several readers, each at its own pace, kept whole while it is small enough to store.
 *
 * <p>Confined to the loop that fills it; readers on other loops hop. Up to {@code limit} bytes it reads as fast as the
 * origin sends, whoever reads slowly, and keeps everything. Past that nothing will be stored: it lets go of what all
 * readers have had, and reads on only while the slowest of them is less than a window behind.
 */
final class Spool implements Pump.Taker {
    private static final long WINDOW = 256 * 1024;

    private final Loop loop;
    private final long limit;
    private final Consumer<@Nullable Bytes> landed;
    private final List<Bytes> chunks = new ArrayList<>();
    private final List<SpoolReader> readers = new ArrayList<>();
    private final Pump pump;
    private int dropped; // chunks let go of, so that chunk n is at n - dropped
    private long length;
    private boolean keeping = true;
    private boolean over;
    private @Nullable Throwable failure;
    private Headers trailers = Headers.EMPTY;

    /**
     * Spools {@code source}.
     *
     * @param limit the most bytes that are kept
     * @param landed told once, when it is over: the whole body, or null where it broke off or grew past the limit
     */
    Spool(Loop loop, Source source, long limit, Consumer<@Nullable Bytes> landed) {
        this.loop = loop;
        this.limit = limit;
        this.landed = landed;
        this.pump = new Pump(source, this);
    }

    Loop loop() {
        return loop;
    }

    /** Why it broke off; null where it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Begins to read, for its first reader, who gets the body whole if that is all there is to it. */
    Body fill(long declared) {
        SpoolReader reader = new SpoolReader(this, loop);
        readers.add(reader);
        pump.resume();
        if (isWhole() && trailers.isEmpty()) {
            readers.remove(reader);
            return new Body.Whole(whole());
        }
        return new Body.Live(reader, declared);
    }

    private boolean isWhole() {
        return over && keeping;
    }

    private Bytes whole() {
        return Bytes.concat(List.copyOf(chunks));
    }

    /** The body for one more reader on {@code readerLoop}; null once what came first is gone. */
    @Nullable
    Body body(Loop readerLoop, long declared) {
        if (isWhole()) {
            return new Body.Whole(whole());
        }
        if (dropped > 0) {
            return null;
        }
        SpoolReader reader = new SpoolReader(this, readerLoop);
        readers.add(reader);
        return new Body.Live(reader, declared);
    }

    /** Gives {@code taker}, on its loop {@code from}, the body for one more reader; null once what came first is gone. */
    void attach(Loop from, long declared, Consumer<@Nullable Body> taker) {
        if (from.equals(loop)) {
            taker.accept(body(from, declared));
        } else {
            loop.execute(() -> {
                Body body = body(from, declared);
                from.execute(() -> taker.accept(body));
            });
        }
    }

    @Override
    public boolean chunk(Bytes bytes) {
        chunks.add(bytes);
        length += bytes.length();
        if (keeping && length > limit) {
            keeping = false;
            landed.accept(null);
        }
        serve();
        proceed();
        return !over && mayReadOn();
    }

    @Override
    public void end(Headers last) {
        over = true;
        trailers = last;
        if (keeping) {
            landed.accept(whole());
        }
        serve();
    }

    @Override
    public void failed(Throwable cause) {
        over = true;
        failure = cause;
        if (keeping) {
            keeping = false;
            landed.accept(null);
        }
        serve();
    }

    /** {@code reader} wants its next chunk. */
    void wanted(SpoolReader reader) {
        serve(reader);
        proceed();
    }

    /** {@code reader} has left. */
    void left(SpoolReader reader) {
        readers.remove(reader);
        proceed();
    }

    private void proceed() {
        if (over) {
            return;
        }
        if (!keeping && readers.isEmpty()) {
            over = true;
            release(); // with no reader left, everything goes: whoever comes now finds that the beginning is gone
            pump.cancel();
        } else if (mayReadOn()) {
            pump.resume();
        }
    }

    private void serve() {
        for (SpoolReader reader : List.copyOf(readers)) {
            serve(reader);
        }
    }

    private void serve(SpoolReader reader) {
        if (!reader.isWaiting()) {
            return;
        }
        if (reader.next() - dropped < chunks.size()) {
            reader.deliver(chunks.get(reader.next() - dropped));
            release();
        } else if (over) {
            readers.remove(reader);
            reader.finish(failure, trailers);
        }
    }

    private void release() {
        if (keeping) {
            return;
        }
        int slowest = dropped + chunks.size();
        for (SpoolReader reader : readers) {
            slowest = Math.min(slowest, reader.next());
        }
        chunks.subList(0, slowest - dropped).clear();
        dropped = slowest;
    }

    private boolean mayReadOn() {
        return keeping || length - slowest() < WINDOW;
    }

    private long slowest() {
        long slowest = length;
        for (SpoolReader reader : readers) {
            slowest = Math.min(slowest, reader.taken());
        }
        return slowest;
    }
}
