package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.VaryKey;
import io.larder.store.format.Chunked;
import io.larder.store.format.Decoded;
import io.larder.store.format.StoredFormat;
import io.larder.store.redis.GuardedRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes keep together, in Redis: under each key a hash with a field for each variant, and beside it the chunks of
 * those that are too large for a field. Everything in it dies by itself.
 *
 * <p>Nothing waits for a write: it is done later, and left out where too much is waiting already.
 */
@Shared
final class SharedTier {
    private static final long WAITING = 32L * 1024 * 1024; // octets that may wait to be written
    private static final int WRITES = 64; // at once: well below what a connection takes
    private static final int CHUNKS = 4; // of one answer: whatever else is asked waits behind it
    private static final byte[] MARK = {'1'};

    /**
     * How it is kept.
     *
     * @param namespace what all keys begin with
     * @param maxObject octets of the largest response that is written
     */
    record Settings(String namespace, long maxObject) {}

    private final GuardedRedis redis;
    private final Settings settings;
    private final Executor worker;
    private final Supplier<Instant> clock;
    private final LongSupplier chance;
    private final KeyNames names;
    private final WriteBehind writes;
    private final Writes underWay = new Writes();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder foreign = new LongAdder();

    /**
     * @param worker for writing and reading envelopes: never a loop
     * @param chance any number
     */
    SharedTier(GuardedRedis redis, Settings settings, Executor worker, Supplier<Instant> clock, LongSupplier chance) {
        this.redis = redis;
        this.settings = settings;
        this.worker = worker;
        this.clock = clock;
        this.chance = chance;
        this.names = new KeyNames(settings.namespace);
        this.writes = new WriteBehind(worker, WAITING, WRITES);
    }

    /** How it went. */
    SharedStats stats() {
        return new SharedStats(
                hits.sum(),
                misses.sum(),
                failed.sum() + writes.failed(),
                foreign.sum(),
                writes.written(),
                writes.dropped(),
                writes.waiting());
    }

    /** Whether there is any point in asking now. */
    boolean isAsked() {
        return redis.isAsked();
    }

    /**
     * What is known of a key.
     *
     * @param wholes what is stored under it, the oldest first
     * @param unshareable for how long responses cannot be shared; zero: they can
     * @param personal the same for requests that tell who asks
     */
    record Found(List<Decoded.Whole> wholes, Duration unshareable, Duration personal) {
        private static final Found NOTHING = new Found(List.of(), Duration.ZERO, Duration.ZERO);

        Found {
            wholes = List.copyOf(wholes);
        }
    }

    /** What there is of {@code key}; nothing where Redis does not answer. Completes on any thread, and never fails. */
    CompletionStage<Found> get(CacheKey key) {
        SharedKeys keys = SharedKeys.of(names, key);
        return redis.survey(keys.variants(), keys.refusals())
                .thenComposeAsync(
                        survey -> read(key, keys, survey.fields())
                                .thenApply(wholes -> new Found(
                                        wholes,
                                        survey.lives().get(0),
                                        survey.lives().get(1))),
                        worker)
                .handle((found, failure) -> {
                    Found known = failure == null ? found : Found.NOTHING;
                    (failure != null ? failed : known.wholes.isEmpty() ? misses : hits).increment();
                    return known;
                });
    }

    private CompletionStage<List<Decoded.Whole>> read(CacheKey key, SharedKeys keys, Map<String, byte[]> fields) {
        List<CompletableFuture<? extends Decoded>> all = new ArrayList<>();
        fields.forEach((field, envelope) -> {
            if (SharedKeys.isVariant(field)) {
                all.add(settled(StoredFormat.decode(key, envelope), keys).toCompletableFuture());
            }
        });
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList())
                .thenApply(this::wholes);
    }

    /** {@code decoded} with its chunks, where it has some that are worth asking for. */
    private CompletionStage<? extends Decoded> settled(Decoded decoded, SharedKeys keys) {
        if (!(decoded instanceof Chunked chunked)) {
            return CompletableFuture.completedFuture(decoded);
        }
        if (chunked.octets() > 2 * settings.maxObject) { // twice: it may be there in two forms
            return CompletableFuture.completedFuture(new Decoded.Foreign(Decoded.Why.MALFORMED));
        }
        if (isOver(chunked.response())) {
            return CompletableFuture.completedFuture(chunked); // its chunks are, too
        }
        List<String> chunks = keys.chunks(chunked.generation(), chunked.count());
        CompletionStage<List<byte @Nullable []>> found = CompletableFuture.completedFuture(new ArrayList<>());
        for (int from = 0; from < chunks.size(); from += CHUNKS) {
            List<String> some = chunks.subList(from, Math.min(chunks.size(), from + CHUNKS));
            found = found.thenCompose(before -> redis.mget(some).thenApply(more -> {
                more.forEach(chunk -> before.add(chunk.orElse(null)));
                return before;
            }));
        }
        return found.thenApplyAsync(chunked::with, worker);
    }

    private List<Decoded.Whole> wholes(List<? extends Decoded> all) {
        List<Decoded.Whole> wholes = new ArrayList<>();
        for (Decoded each : all) {
            switch (each) {
                case Decoded.Whole whole -> {
                    if (!isOver(whole.stored().head())) {
                        wholes.add(whole);
                    }
                }
                case Decoded.Foreign strange -> foreign.increment();
                case Chunked over -> {}
            }
        }
        wholes.sort(
                Comparator.comparingLong(whole -> whole.stored().head().age().receivedAt()));
        return wholes;
    }

    /** A variant stays as long as the others of its key do. */
    private boolean isOver(Stored.Head response) {
        return StoredFormat.remainingLife(response, clock.get()) <= 0;
    }

    /** Writes {@code stored}, some time, if at all. */
    void put(CacheKey key, Stored stored, AsOf asOf) {
        if (!isOver(stored.head()) && stored.body().length() <= settings.maxObject) {
            underWay.add(key, writes.add(stored.weight(), () -> write(key, stored, asOf)));
        }
    }

    /** Completes when nothing is on its way any more that was put under {@code key} before; never fails. */
    CompletionStage<?> settled(CacheKey key) {
        return underWay.of(key);
    }

    /** Tells the other nodes that responses under {@code key} cannot be shared. Returns at once, whether that arrives or not. */
    void noteUnshareable(CacheKey key, Duration time) {
        redis.set(names.unshareable(key), MARK, time);
    }

    /** The chunks first: who finds the envelope finds them. */
    private CompletionStage<?> write(CacheKey key, Stored stored, AsOf asOf) {
        long millis = StoredFormat.remainingLife(stored.head(), clock.get());
        if (millis <= 0) {
            return CompletableFuture.completedFuture(false); // it has waited for too long
        }
        Duration life = Duration.ofMillis(millis);
        long generation = chance.getAsLong();
        SharedKeys keys = SharedKeys.of(names, key);
        StoredFormat.Encoded encoded = StoredFormat.encode(key, stored, asOf, generation);
        List<String> chunks = keys.chunks(generation, encoded.chunks().size());
        CompletionStage<?> before = CompletableFuture.completedFuture(true);
        for (int i = 0; i < chunks.size(); i++) {
            String name = chunks.get(i);
            byte[] chunk = encoded.chunks().get(i);
            before = before.thenCompose(done -> redis.set(name, chunk, life));
        }
        VaryKey vary = stored.vary();
        return before.thenCompose(done -> redis.eval(
                        SharedKeys.PUT,
                        keys.ofPutting(),
                        SharedKeys.putting(vary, encoded.head(), generation, chunks.size(), life)))
                .thenCompose(replaced -> forget(keys.chunksOf(replaced)));
    }

    /** They would go by themselves; but of a page that is fetched each minute they would lie there for days. */
    private CompletionStage<?> forget(List<String> chunks) {
        return chunks.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : redis.unlink(chunks).handle((count, failure) -> failure == null);
    }
}
