package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a {@link Spool}: its face is confined to the reader's loop, its place in the body to the spool's; where
 * these are two, every call hops. A reader that was left behind goes on with a source of its own.
 */
final class SpoolReader implements Source {
    /** Where a reader that was left behind gets the rest; called on the reader's loop. */
    interface Rest {
        /** The body from {@code offset} on; null where nobody can tell that it would be the same body. */
        @Nullable
        Source from(long offset);
    }

    private final Spool spool;
    private final Loop loop;
    private final Rest rest;
    private final boolean near;

    // on the reader's loop
    private @Nullable Sink sink;
    private @Nullable Source own;
    private boolean cancelled;

    // on the spool's loop
    private long taken;
    private boolean waiting;
    private boolean lost;

    SpoolReader(Spool spool, Loop loop, Rest rest) {
        this.spool = spool;
        this.loop = loop;
        this.rest = rest;
        this.near = spool.loop().equals(loop);
    }

    @Override
    public void read(Sink asking) {
        if (own != null) {
            own.read(asking);
            return;
        }
        sink = asking;
        onSpool(() -> {
            waiting = true;
            spool.wanted(this);
        });
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        sink = null;
        if (own != null) {
            own.cancel();
        }
        onSpool(() -> {
            waiting = false;
            spool.left(this);
        });
    }

    boolean isWaiting() {
        return waiting;
    }

    /** Bytes it has had. */
    long taken() {
        return taken;
    }

    void deliver(Bytes chunk) {
        waiting = false;
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

    /** The spool has gone on without it. */
    void lose() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    void getTheRest() {
        waiting = false;
        long offset = taken;
        onReader(to -> {
            own = rest.from(offset);
            if (own == null) {
                to.failed(new Failure(
                        Failure.Kind.RESPONSE_INCOMPLETE, "read too slowly to share it, and it cannot be resumed"));
            } else {
                own.read(to);
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

    /** Whatever goes wrong with one reader must reach neither the others nor the fetch. */
    private void answer(Consumer<Sink> call) {
        Sink to = sink;
        sink = null;
        if (to == null) {
            return;
        }
        try {
            call.accept(to);
        } catch (RuntimeException bug) {
            cancel();
            loop.execute(() -> to.failed(bug)); // on a turn of its own, in case that goes wrong, too
        }
    }
}
