package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a {@link Spool}: its face is confined to the reader's loop, its place in the body to the spool's; where
 * these are two, every call hops.
 */
final class SpoolReader implements Source {
    private final Spool spool;
    private final Loop loop;
    private final boolean near;

    // on the reader's loop
    private @Nullable Sink sink;
    private boolean cancelled;

    // on the spool's loop
    private int next;
    private long taken;
    private boolean waiting;

    SpoolReader(Spool spool, Loop loop) {
        this.spool = spool;
        this.loop = loop;
        this.near = spool.loop().equals(loop);
    }

    @Override
    public void read(Sink asking) {
        sink = asking;
        onSpool(() -> {
            waiting = true;
            spool.wanted(this);
        });
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            sink = null;
            onSpool(() -> {
                waiting = false;
                spool.left(this);
            });
        }
    }

    boolean isWaiting() {
        return waiting;
    }

    /** The number of the chunk it has not had yet. */
    int next() {
        return next;
    }

    /** Bytes it has had. */
    long taken() {
        return taken;
    }

    void deliver(Bytes chunk) {
        waiting = false;
        next++;
        taken += chunk.length();
        onReader(to -> to.chunk(chunk));
    }

    void finish(@Nullable Throwable failure, Headers trailers) {
        waiting = false;
        onReader(to -> {
            if (failure == null) {
                to.end(trailers);
            } else {
                to.failed(failure);
            }
        });
    }

    private void onSpool(Runnable task) {
        if (near) {
            task.run();
        } else {
            spool.loop().execute(task);
        }
    }

    private void onReader(Consumer<Sink> call) {
        if (near) {
            answer(call);
        } else {
            loop.execute(() -> answer(call));
        }
    }

    private void answer(Consumer<Sink> call) {
        Sink to = sink;
        sink = null;
        if (to != null) {
            call.accept(to);
        }
    }
}
