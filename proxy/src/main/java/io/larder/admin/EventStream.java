package io.larder.admin;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events for one who listens: offered on any thread, read on his loop. Holds so many and no more; the oldest go first. What
 * only the loop touches stands first, the rest is under the lock of this.
 */
@Shared
final class EventStream implements Source {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Bytes BEAT = Bytes.utf8(":\n\n");
    private static final int MOST = 256;
    private static final long MOST_BYTES = 1 << 20;

    private final Loop loop;
    private final Consumer<EventStream> left;
    private @Nullable Sink sink; // who waits for the next
    private Loop.@Nullable Timer heartbeat;
    private boolean over;

    private final Deque<Bytes> waiting = new ArrayDeque<>();
    private long bytes;
    private long missed;
    private boolean woken; // the loop is to look
    private boolean finished; // there will be no more

    /** @param left is told when nobody reads any more */
    EventStream(Loop loop, Consumer<EventStream> left) {
        this.loop = loop;
        this.left = left;
    }

    /** Sends something at once, so that the client sees that it is heard; on the loop. */
    void begin() {
        offer(Bytes.utf8(": larder\nretry: 2000\n\n"));
        beatLater();
    }

    private void beatLater() {
        heartbeat = loop.schedule(HEARTBEAT, this::beat);
    }

    /** Whatever stands between would take silence for the end; where the client does not read, it need not be told. */
    private void beat() {
        if (!over) {
            if (sink != null) {
                offer(BEAT);
            }
            beatLater();
        }
    }

    /** There is something to tell; never waits. */
    synchronized void offer(Bytes event) {
        if (finished) {
            return;
        }
        while (waiting.size() >= MOST || (bytes + event.length() > MOST_BYTES && !waiting.isEmpty())) {
            bytes -= waiting.removeFirst().length();
            missed++;
        }
        waiting.add(event);
        bytes += event.length();
        wake();
    }

    /** There will be no more. */
    synchronized void finish() {
        if (!finished) {
            finished = true;
            wake();
        }
    }

    /** Under the lock: once, however much comes until the loop looks. */
    private void wake() {
        if (!woken) {
            woken = true;
            loop.execute(this::deliver);
        }
    }

    @Override
    public void read(Sink reader) {
        loop.check();
        sink = reader;
        deliver();
    }

    private void deliver() {
        Sink reader = sink;
        Bytes next = reader == null || over ? looked() : taken();
        if (reader == null || over) {
            return;
        }
        if (!next.isEmpty()) {
            sink = null;
            reader.chunk(next);
        } else if (isFinished()) {
            sink = null;
            end();
            reader.end(Headers.EMPTY);
        }
    }

    private synchronized Bytes looked() {
        woken = false;
        return Bytes.EMPTY;
    }

    private synchronized Bytes taken() {
        woken = false;
        List<Bytes> all = new ArrayList<>(waiting);
        if (missed > 0) {
            all.add(0, Bytes.utf8("event: missed\ndata: {\"count\":" + missed + "}\n\n"));
        }
        waiting.clear();
        bytes = 0;
        missed = 0;
        return Bytes.concat(all);
    }

    private synchronized boolean isFinished() {
        return finished && waiting.isEmpty();
    }

    @Override
    public void cancel() {
        finish();
        sink = null;
        end();
    }

    private void end() {
        over = true;
        left.accept(this);
        if (heartbeat != null) {
            heartbeat.cancel();
            heartbeat = null;
        }
    }
}
