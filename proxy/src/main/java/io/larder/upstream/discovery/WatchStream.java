package io.larder.upstream.discovery;

import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What comes of a watch, handed from the HTTP client's threads to the one that follows it. */
@Shared
final class WatchStream implements Flow.Subscriber<String> {
    private static final int AHEAD = 64;

    /** What may come. */
    sealed interface Item {}

    /** The watch has been accepted. */
    record Opened() implements Item {}

    /** One event. */
    record Line(String text) implements Item {}

    /** The server has ended it, in good order. */
    record Ended() implements Item {}

    /** The connection is gone. */
    record Broken(Throwable why) implements Item {}

    /** The watch has not been accepted. */
    record Refused(ApiTrouble why) implements Item {}

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>(); // bounded by what is asked for
    private volatile Flow.@Nullable Subscription subscription;

    /** Adds what does not come as a line. */
    void put(Item item) {
        items.add(item);
    }

    /** The next, or null when none comes in that time. */
    @Nullable
    Item next(Duration patience) throws InterruptedException {
        Item item = items.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        Flow.Subscription lines = subscription;
        if (item instanceof Line && lines != null) {
            lines.request(1);
        }
        return item;
    }

    /** Whether nothing more has come yet. */
    boolean isEmpty() {
        return items.isEmpty();
    }

    @Override
    public void onSubscribe(Flow.Subscription lines) {
        subscription = lines;
        lines.request(AHEAD);
    }

    @Override
    public void onNext(String line) {
        items.add(new Line(line));
    }

    @Override
    public void onError(Throwable why) {
        items.add(new Broken(why));
    }

    @Override
    public void onComplete() {
        items.add(new Ended());
    }
}
