package io.larder.gateway;

import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body with one origin and several readers, each at its own pace, kept whole while it is small enough to store.
 *
 * <p>Confined to the loop that fills it; readers on other loops hop. Within its {@link Allotment} it reads as fast as the
 * origin sends, whoever reads slowly, and keeps everything. Past that nothing will be stored: it reads on when its fastest
 * reader has had everything, and whoever falls further behind than may be held has to get the rest himself.
 */
final class Spool implements Pump.Taker {
    /** How far readers may drift apart when memory is short, in bytes. */
    private static final long WINDOW = 256 * 1024;

    private final Loop loop;
    private final Allotment allotment;
    private final Consumer<@Nullable Bytes> landed;
    private final Backlog backlog = new Backlog();
    private final SpoolReaders readers = new SpoolReaders();
    private final Pump pump;
    private boolean keeping = true;
    private boolean over;
    private @Nullable Throwable failure;
    private Headers trailers = Headers.EMPTY;
    private @Nullable Bytes whole;

    /**
     * Spools {@code source}.
     *
     * @param landed told once, when it is over: the whole body, or null where it broke off or outgrew its allotment
     */
    Spool(Loop loop, Source source, Allotment allotment, Consumer<@Nullable Bytes> landed) {
        this.loop = loop;
        this.allotment = allotment;
        this.landed = landed;
        this.pump = new Pump(source, this);
    }

    Loop loop() {
        return loop;
    }

    /** What broke it off; null where nothing did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Begins to read, for its first reader, who gets the body whole if that is all there is to it. */
    Body fill(long declared, SpoolReader.Rest rest) {
        SpoolReader reader = new SpoolReader(this, loop, rest);
        readers.add(reader);
        pump.resume();
        Bytes all = whole;
        if (all != null && trailers.isEmpty()) {
            left(reader);
            return new Body.Whole(all);
        }
        return new Body.Live(reader, declared);
    }

    /** The body for one more reader on {@code readerLoop}; null once what came first is gone. */
    @Nullable
    Body body(Loop readerLoop, long declared, SpoolReader.Rest rest) {
        Bytes all = whole;
        if (all != null) {
            return new Body.Whole(all);
        }
        if (backlog.start() > 0 || (over && failure == null)) {
            return null;
        }
        SpoolReader reader = new SpoolReader(this, readerLoop, rest);
        readers.add(reader);
        return new Body.Live(reader, declared);
    }

    /** Completes, on the caller's loop {@code from}, with the {@link #body} for one more reader. */
    CompletionStage<Optional<Body>> attach(Loop from, long declared, SpoolReader.Rest rest) {
        if (from.equals(loop)) {
            return CompletableFuture.completedFuture(Optional.ofNullable(body(from, declared, rest)));
        }
        CompletableFuture<Optional<Body>> attached = new CompletableFuture<>();
        loop.execute(() -> {
            Optional<Body> body = Optional.ofNullable(body(from, declared, rest));
            from.execute(() -> attached.complete(body));
        });
        return attached;
    }

    /** Whether more has come than one response may be. */
    boolean isTooLarge() {
        return backlog.end() > allotment.limit();
    }

    @Override
    public boolean chunk(Bytes bytes) {
        backlog.add(bytes);
        if (keeping && (isTooLarge() || !allotment.grow(backlog.weight()))) {
            giveUp();
        }
        if (!keeping) {
            leaveBehind();
        }
        serve();
        proceed();
        return !over && mayReadOn();
    }

    @Override
    public void end(Headers last) {
        over = true;
        trailers = last;
        try {
            if (keeping) {
                Bytes all = backlog.compact();
                whole = all;
                landed.accept(all);
            }
        } finally {
            serve(); // a bug in the store is no trouble of theirs
            settle();
        }
    }

    @Override
    public void failed(Throwable cause) {
        over = true;
        failure = cause;
        if (keeping) {
            giveUp();
        }
        serve();
        settle();
    }

    private void giveUp() {
        keeping = false;
        landed.accept(null);
    }

    /** {@code reader} wants its next chunk. */
    void wanted(SpoolReader reader) {
        serve(reader);
        proceed();
    }

    /** {@code reader} has left. */
    void left(SpoolReader reader) {
        readers.remove(reader);
        settle();
        proceed();
    }

    private void proceed() {
        if (over) {
            return;
        }
        if (!keeping && readers.isEmpty()) {
            over = true;
            settle();
            pump.cancel();
        } else if (mayReadOn()) {
            pump.resume();
        }
    }

    private boolean mayReadOn() {
        return keeping || readers.anyWaits();
    }

    private void serve() {
        for (SpoolReader reader : readers.all()) {
            serve(reader);
        }
    }

    private void serve(SpoolReader reader) {
        if (!reader.isWaiting()) {
            return;
        }
        if (reader.isLost()) {
            reader.getTheRest();
        } else if (reader.taken() < backlog.end()) {
            reader.deliver(backlog.from(reader.taken()));
            settle();
        } else if (over) {
            readers.remove(reader);
            reader.finish(failure, trailers);
            settle();
        }
    }

    /** Parts from those whose place in the body is too far back to be held for them. */
    private void leaveBehind() {
        backlog.releaseBefore(readers.slowest(backlog.end()));
        boolean roomy = allotment.grow(backlog.weight());
        readers.leaveBehind(backlog.end() - (roomy ? allotment.limit() + WINDOW : WINDOW));
    }

    /** Lets go of what nobody will read any more, and of the memory that was set aside for it. */
    private void settle() {
        if (keeping && !over) {
            return;
        }
        if (readers.isEmpty()) {
            backlog.releaseBefore(backlog.end());
        } else if (!keeping) {
            backlog.releaseBefore(readers.slowest(backlog.end()));
        }
        allotment.settle(backlog.weight());
    }
}
