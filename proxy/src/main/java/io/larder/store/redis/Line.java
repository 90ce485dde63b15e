package io.larder.store.redis;

import io.larder.exchange.Shared;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A connection that is kept: made in the background, made again when it is lost, at most one at a time. */
@Shared
final class Line<C extends StatefulConnection<String, byte[]>> {
    /** Makes a connection. */
    @FunctionalInterface
    interface Dial<C> {
        CompletionStage<C> dial();
    }

    /** Is told how it goes, by any thread. */
    interface Events<C> {
        void up(C connection);

        void down(RedisFailure why);
    }

    private final Dial<C> dial;
    private final boolean ends;
    private final IntFunction<Duration> pause;
    private final ScheduledExecutorService timer;
    private final Events<C> events;

    private volatile @Nullable Session<C> session;

    // guarded by this
    private boolean started;
    private boolean closed;
    private int failures;
    private CompletableFuture<Boolean> called = CompletableFuture.completedFuture(true); // once the last call is over

    /**
     * @param ends whether a connection ends with its socket; else it mends itself
     * @param pause how long to wait after so many failures
     * @param timer on which the dialling is done
     */
    Line(Dial<C> dial, boolean ends, IntFunction<Duration> pause, ScheduledExecutorService timer, Events<C> events) {
        this.dial = dial;
        this.ends = ends;
        this.pause = pause;
        this.timer = timer;
        this.events = events;
    }

    /** The connection, if there is one now; the first who asks has it made. */
    @Nullable
    Session<C> session() {
        Session<C> now = session;
        if (now == null) {
            start();
        }
        return now;
    }

    synchronized void start() {
        if (!started && !closed) {
            started = true;
            timer.execute(this::call);
        }
    }

    /** Ends a session; another is begun. Nothing happens when it is over already. */
    void drop(Session<C> lost, RedisFailure why) {
        synchronized (this) {
            if (session != lost) {
                return;
            }
            session = null;
            callLater();
        }
        lost.connection().closeAsync();
        events.down(why);
    }

    /** Ends the session that there is, if any; another is begun. */
    void drop(RedisFailure why) {
        Session<C> now = session;
        if (now != null) {
            drop(now, why);
        }
    }

    /**
     * Ends it.
     *
     * @return completes when no connection is being made any more: Lettuce forgets its buffers where its threads end meanwhile
     */
    CompletionStage<?> close() {
        Session<C> last;
        CompletionStage<?> over;
        synchronized (this) {
            closed = true;
            last = session;
            session = null;
            over = called;
        }
        if (last != null) {
            last.connection().closeAsync();
        }
        return over;
    }

    private void call() {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            called = over;
        }
        try {
            dial.dial().whenComplete((connection, failure) -> {
                if (failure == null) {
                    connected(connection);
                } else {
                    failed(failure);
                }
                over.complete(true);
            });
        } catch (RuntimeException e) {
            failed(e);
            over.complete(true);
        }
    }

    private void connected(C connection) {
        Session<C> fresh = new Session<>(connection);
        synchronized (this) {
            if (closed) {
                connection.closeAsync();
                return;
            }
            failures = 0;
            session = fresh;
        }
        events.up(connection);
        if (ends) {
            watch(fresh);
        }
    }

    private void watch(Session<C> fresh) {
        RedisFailure over = new RedisFailure(RedisFailure.Kind.DOWN, "the connection has ended");
        fresh.connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                drop(fresh, over);
            }
        });
        if (!fresh.connection().isOpen()) {
            drop(fresh, over); // before anybody listened
        }
    }

    private void failed(Throwable cause) {
        synchronized (this) {
            if (closed) {
                return;
            }
            callLater();
        }
        events.down(RedisFailure.of(cause));
    }

    private void callLater() {
        if (!closed) {
            long nanos = pause.apply(failures).toNanos();
            failures++;
            timer.schedule(this::call, nanos, TimeUnit.NANOSECONDS);
        }
    }
}
