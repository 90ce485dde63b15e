package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;
import io.larder.store.LeaseTable.Bid;
import io.larder.store.LeaseTable.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases that all nodes agree on. Each lasts a second and is renewed three times in that while its holder lives: a slow origin does not end
 * it, and a holder that is killed, frozen or cut off is missed for a second at most. Those who wait hear of its end on a
 * channel; a message that is lost costs them no more than that second either.
 */
@Shared
final class SharedLeases implements Leases {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration RENEWAL = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofMinutes(2); // holding one: a bug must not hold it for good
    private static final int MOST_HELD = 4_096;
    private static final int MOST_WAITING = 16_384;
    private static final String NONE_OUTDATED = "";

    private final LeaseTable table;
    private final KeyNames names;
    private final BiPredicate<CacheKey, AsOf> outdated;
    private final Function<CacheKey, CompletionStage<?>> written;
    private final LongSupplier chance;
    private final Loop loop;
    private final LeaseQueue queue;
    private final AtomicInteger held = new AtomicInteger();
    private final LongAdder taken = new LongAdder();

    /**
     * @param namespace what all names begin with
     * @param outdated whether a purge that is known here came after what the one knew who fetches the other
     * @param written completes when what was put under a key is where other nodes find it, or will not get there
     * @param chance any number
     * @param loop on which no request lives
     */
    SharedLeases(
            LeaseTable table,
            String namespace,
            BiPredicate<CacheKey, AsOf> outdated,
            Function<CacheKey, CompletionStage<?>> written,
            LongSupplier chance,
            Loop loop) {
        this.table = table;
        this.names = new KeyNames(namespace);
        this.outdated = outdated;
        this.written = written;
        this.chance = chance;
        this.loop = loop;
        this.queue = new LeaseQueue(table, loop);
    }

    /** Begins to listen. Returns at once, whether Redis is there or not. */
    void start() {
        table.listen(landed -> {
            try {
                loop.execute(() -> queue.tell(landed));
            } catch (RejectedExecutionException closing) {
                return; // nobody waits any more
            }
        });
    }

    Stats stats() {
        return new Stats(taken.sum(), queue.waited(), queue.lost(), queue.timedOut(), held.get(), queue.size());
    }

    @Override
    public CompletionStage<Claim> claim(CacheKey key, VaryKey variant, AsOf asOf) {
        if (!table.isAsked() || held.get() >= MOST_HELD || queue.size() >= MOST_WAITING) {
            return CompletableFuture.completedFuture(new Claim.Unknown());
        }
        Bid bid = Bid.of(key, names.lease(key, variant), asOf, chance.getAsLong());
        CompletableFuture<Claim> claim = new CompletableFuture<>();
        loop.execute(() -> claim(bid, queue.place(bid.lease()), claim));
        return claim;
    }

    private void claim(Bid bid, LeaseQueue.Place place, CompletableFuture<Claim> claim) {
        then(table.claim(bid, LEASE, NONE_OUTDATED), (found, failure) -> {
            Held other = found == null ? null : found.orElse(null);
            if (other != null && isOutdated(bid, other)) {
                takeOver(bid, other, place, claim);
            } else {
                answered(bid, found, place, claim);
            }
        });
    }

    /** Its holder asked the origin before a purge: nobody who comes after that has any use for what he brings. */
    private void takeOver(Bid bid, Held other, LeaseQueue.Place place, CompletableFuture<Claim> claim) {
        then(table.claim(bid, LEASE, other.text()), (found, failure) -> answered(bid, found, place, claim));
    }

    private boolean isOutdated(Bid bid, Held other) {
        AsOf known = other.asOf();
        return known != null && outdated.test(bid.key(), known);
    }

    /** @param found null where nobody can tell */
    @SuppressWarnings("NullableOptional") // a failure is not "nobody has it"
    private void answered(
            Bid bid, @Nullable Optional<Held> found, LeaseQueue.Place place, CompletableFuture<Claim> claim) {
        if (found == null) {
            place.leave();
            claim.complete(new Claim.Unknown());
        } else if (found.isPresent()) {
            claim.complete(new Claim.Theirs(place.await(found.get().left())));
        } else {
            place.leave();
            taken.increment();
            Holding holding = new Holding(bid);
            claim.complete(new Claim.Ours(holding::release));
        }
    }

    private <T> void then(CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> what) {
        answer.whenComplete((value, failure) -> loop.execute(() -> what.accept(value, failure)));
    }

    /** A lease of this node. Lives on the loop, but for {@link #release}. */
    private final class Holding {
        private final Bid bid;
        private final long since = loop.nanos();
        private Loop.Timer renewal = loop.schedule(RENEWAL, this::renew);
        private boolean released;
        private boolean over;

        Holding(Bid bid) {
            this.bid = bid;
            held.incrementAndGet();
        }

        private void renew() {
            if (loop.nanos() - since > LONGEST.toNanos()) {
                end();
            } else {
                then(table.renew(bid, LEASE), (there, failure) -> renewed(there));
            }
        }

        /** @param there null where nobody can tell; false: the next one has it, and there may be a second fetch */
        private void renewed(@Nullable Boolean there) {
            if (there != null && !there) {
                end();
            } else if (!over) {
                renewal = loop.schedule(RENEWAL, this::renew);
            }
        }

        void release(Outcome outcome) {
            loop.execute(() -> {
                if (!released) {
                    released = true;
                    then(written.apply(bid.key()), (done, failure) -> giveUp(outcome));
                }
            });
        }

        private void giveUp(Outcome outcome) {
            if (!over) {
                table.release(bid, outcome);
            }
            end();
        }

        private void end() {
            if (!over) {
                over = true;
                held.decrementAndGet();
                renewal.cancel();
            }
        }
    }
}
