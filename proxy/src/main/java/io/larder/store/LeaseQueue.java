package io.larder.store;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.store.Leases.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Those on this node who wait for leases of others. They hear of their end, and look by themselves when they would have run
 * out. Lives on a loop; how it goes may be read on any thread.
 */
@Shared
final class LeaseQueue {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LeaseTable table;
    private final Loop loop;
    private final Map<String, List<Place>> places = new HashMap<>(); // on the loop only
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder waited = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    LeaseQueue(LeaseTable table, Loop loop) {
        this.table = table;
        this.loop = loop;
    }

    int size() {
        return size.get();
    }

    long waited() {
        return waited.sum();
    }

    long lost() {
        return lost.sum();
    }

    long timedOut() {
        return timedOut.sum();
    }

    /** Takes a place before it is known whether there is something to wait for: so that no end goes unheard. */
    Place place(String lease) {
        Place place = new Place(lease);
        places.computeIfAbsent(lease, name -> new ArrayList<>(1)).add(place);
        size.incrementAndGet();
        return place;
    }

    /** A lease has ended. */
    void tell(LeaseTable.Landed landed) {
        List<Place> all = places.get(landed.lease());
        if (all != null) {
            List.copyOf(all).forEach(place -> place.end(new Ending.Landed(landed.outcome())));
        }
    }

    /** Of one who waits. */
    final class Place {
        private final String lease;
        private final CompletableFuture<Ending> over = new CompletableFuture<>();
        private final long until = loop.nanos() + PATIENCE.toNanos();
        private Loop.@Nullable Timer next;

        private Place(String lease) {
            this.lease = lease;
        }

        /**
         * There is something to wait for.
         *
         * @param left milliseconds that it lasts unless it is renewed
         */
        CompletionStage<Ending> await(long left) {
            waited.increment();
            lookAfter(left);
            return over;
        }

        private void lookAfter(long left) {
            if (!over.isDone()) {
                long wait = Math.min(Duration.ofMillis(left + 1).toNanos(), until - loop.nanos());
                next = loop.schedule(Duration.ofNanos(Math.max(0, wait)), this::look);
            }
        }

        private void look() {
            next = null;
            if (until - loop.nanos() <= 0) {
                timedOut.increment();
                end(new Ending.Late());
            } else {
                table.left(lease).whenComplete((left, failure) -> loop.execute(() -> seen(left)));
            }
        }

        /** @param left null where nobody can tell */
        private void seen(@Nullable Long left) {
            if (left != null && left >= 0) {
                lookAfter(left);
            } else if (!over.isDone()) {
                lost.increment();
                end(new Ending.Lost());
            }
        }

        private void end(Ending ending) {
            leave();
            over.complete(ending);
        }

        /** Waits no more. */
        void leave() {
            List<Place> all = places.get(lease);
            if (all != null && all.remove(this)) {
                size.decrementAndGet();
                if (all.isEmpty()) {
                    places.remove(lease);
                }
            }
            if (next != null) {
                next.cancel();
            }
        }
    }
}
