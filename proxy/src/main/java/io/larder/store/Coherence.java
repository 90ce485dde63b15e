package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Fence;
import io.larder.coherence.Follower;
import io.larder.coherence.Ledger;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.NodeName;
import io.larder.coherence.Purge;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.store.redis.RedisFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node in step with the others: follows the log of purges, puts its own purges into it, and knows whether it may
 * trust what it has. Lives on a loop of its own, since taking in a purge may take a while.
 */
@Shared
final class Coherence implements Follower.Node {
    private static final Logger LOG = LoggerFactory.getLogger(Coherence.class);
    private static final Duration SILENCE = Duration.ofMillis(200); // after which the log is asked unbidden
    private static final Duration NOTEWORTHY = Duration.ofSeconds(1); // without the log
    private static final Duration FAREWELL = Duration.ofMillis(500); // for purges that nobody has been told of
    private static final Duration AGAIN = Duration.ofMillis(100); // after a question that was not answered

    private final String node;
    private final PurgeLog log;
    private final PurgeBook book;
    private final long maxLag;
    private final LongSupplier nanos;
    private final Loop loop;
    private final AtomicLong tickets = new AtomicLong();
    private final AtomicBoolean appended = new AtomicBoolean();
    private final AtomicBoolean confirmed = new AtomicBoolean();

    // on the loop only
    private final Follower follower = new Follower(this);
    private final Outbox outbox;
    private long turn; // of questions; a timer that was set before the last of them is not for it
    private boolean asking;
    private boolean askAgain;
    private boolean left;

    private volatile boolean everCurrent;
    private volatile long currentAsOf;
    private volatile boolean reachable = true; // as far as anybody should know: no mere hiccup
    private volatile long reachedAt; // before it ever was: when this began

    /**
     * @param node its name, which no other process has or ever had
     * @param maxLag for how long it trusts what it has when it cannot ask the log
     * @param nanos the loop's clock that never jumps, for any thread
     * @param loop on which no request lives
     */
    Coherence(String node, PurgeLog log, PurgeBook book, Duration maxLag, LongSupplier nanos, Loop loop) {
        this.node = node;
        this.log = log;
        this.book = book;
        this.maxLag = maxLag.toNanos();
        this.nanos = nanos;
        this.loop = loop;
        this.outbox = new Outbox(node, log, book, nanos, loop, this::cursor);
    }

    private Optional<AsOf> cursor() {
        return follower.next() instanceof Follower.Question.Sync(AsOf cursor) ? Optional.of(cursor) : Optional.empty();
    }

    /** Begins to follow. Returns at once, whether there is a log or not. */
    void start() {
        reachedAt = nanos.getAsLong();
        log.listen(() -> once(appended, this::follow), this::confirmed);
        loop.execute(this::follow);
    }

    /**
     * Tells the others what they have not been told yet, if the log takes it soon; then follows no more, and tells them not to
     * wait for this node: it serves nothing any more. May be called on any thread.
     *
     * @return completes when all of that is done; fails where the log cannot be told, and the others wait until the node's
     *     lease has run out
     */
    CompletionStage<?> leave() {
        CompletableFuture<Object> gone = new CompletableFuture<>();
        loop.execute(() -> leave(nanos.getAsLong(), gone));
        return gone;
    }

    private void leave(long since, CompletableFuture<Object> gone) {
        int untold = outbox.waiting();
        if (untold > 0 && nanos.getAsLong() - since < FAREWELL.toNanos()) {
            outbox.send();
            loop.schedule(AGAIN, () -> leave(since, gone));
            return;
        }
        left = true;
        if (untold > 0) {
            LOG.warn("{} purges of this node were not told to the others: they may serve what those were for", untold);
        }
        CompletionStage<?> told =
                cursor().isPresent() ? log.leave(node) : CompletableFuture.completedFuture(false); // nobody knows of it
        told.whenComplete((done, failure) -> {
            if (failure == null) {
                gone.complete(true);
            } else {
                gone.completeExceptionally(failure);
            }
        });
    }

    /** Whether every purge that is complete is in force here. */
    boolean isCurrent() {
        return everCurrent && nanos.getAsLong() - currentAsOf < maxLag;
    }

    /** How long ago this node last knew all that the log did; negative before it ever has. */
    Duration lag() {
        return everCurrent ? Duration.ofNanos(nanos.getAsLong() - currentAsOf) : Duration.ofNanos(-1);
    }

    String node() {
        return node;
    }

    Duration maxLag() {
        return Duration.ofNanos(maxLag);
    }

    /** Which log is followed; null before one was found. */
    @Nullable
    String epoch() {
        long epoch = book.ledger().cursor().epoch();
        return epoch == 0 ? null : Long.toHexString(epoch);
    }

    /** How long ago the log last answered; null where it answers, or has just missed to. */
    @Nullable
    Duration unreached() {
        return reachable ? null : Duration.ofNanos(nanos.getAsLong() - reachedAt);
    }

    private @Nullable String outage() {
        Duration silence = unreached();
        return silence == null ? null : "Redis has not been reached for " + silence.toSeconds() + " s";
    }

    /** See {@link PurgeLog#fleet}; empty, too, where the log cannot be asked. Never fails. */
    CompletionStage<Optional<FleetView>> fleet() {
        return log.fleet().exceptionally(failure -> Optional.empty());
    }

    /**
     * Purges here, at once, and everywhere else.
     *
     * @return what it did here, and what becomes of it elsewhere
     */
    Announcement purge(Set<Purge> purges, Purge.Mode mode) {
        long began = nanos.getAsLong();
        long ticket = tickets.incrementAndGet();
        if (outbox.isFull()) {
            Passage passage = outbox.together(ticket); // first: see Ledger.awaiting
            return announced(book.purge(purges, mode), passage, began);
        }
        Ledger.Pending pending = new Ledger.Pending(ticket, purges, mode);
        Sweep here = book.purge(pending);
        return announced(here, outbox.alone(pending), began);
    }

    /** It is in force here. */
    private Announcement announced(Sweep here, Passage passage, long began) {
        Duration after = Duration.ofNanos(nanos.getAsLong() - began);
        return new Announcement(
                here.done(),
                here::matched,
                this::outage,
                () -> progress(passage.stage(), began, after),
                () -> passage.complete().thenApply(stage -> progress(stage, began, after)));
    }

    /** @param after how long it took until it was in force here */
    private Announcement.Progress progress(Passage.Stage stage, long began, Duration after) {
        Set<String> names = new HashSet<>(stage.confirmed().keySet());
        names.addAll(stage.missing());
        names.add(node);
        UnaryOperator<String> shown = NodeName.among(names);
        Map<String, Duration> confirmed = new TreeMap<>();
        confirmed.put(shown.apply(node), after);
        stage.confirmed().forEach((name, when) -> confirmed.put(shown.apply(name), Duration.ofNanos(when - began)));
        List<String> missing = stage.missing().stream().map(shown).sorted().toList();
        AsOf position = stage.position();
        String id = position == null ? null : LogPosition.id(position.position());
        return new Announcement.Progress(id, confirmed, missing, stage.reason());
    }

    /** See {@link Store#supersede}. */
    Optional<Fence> supersede(CacheKey key, Stored stored, Set<Purge> purges, Fence fence) {
        long ticket = tickets.incrementAndGet();
        if (outbox.isFull()) {
            outbox.together(ticket);
            return book.supersede(key, stored, purges, fence);
        }
        Ledger.Pending pending = new Ledger.Pending(ticket, purges, Purge.Mode.HARD);
        Optional<Fence> since = book.supersede(key, stored, pending, fence);
        outbox.alone(pending);
        return since;
    }

    /** Most of what is confirmed is of other nodes' purges: that is no reason to wake up. */
    private void confirmed() {
        if (outbox.isAwaited()) {
            once(confirmed, outbox::confirm);
        }
    }

    /** However often it is called before {@code what} has begun, that is done once. */
    private void once(AtomicBoolean due, Runnable what) {
        if (due.compareAndSet(false, true)) {
            loop.execute(() -> {
                due.set(false);
                what.run();
            });
        }
    }

    /** Asks the log what the follower wants to know: one question at a time, and once more if that was wanted meanwhile. */
    private void follow() {
        if (left) {
            return; // what is asked behind the farewell would be heard as a sign of life
        }
        if (asking) {
            askAgain = true;
            return;
        }
        asking = true;
        askAgain = false;
        turn++;
        long askedAt = nanos.getAsLong();
        switch (follower.next()) {
            case Follower.Question.Join(long distrusted) ->
                then(log.join(distrusted), state -> {
                    follower.joined(state);
                    return true;
                });
            case Follower.Question.Sync(AsOf cursor) ->
                then(log.sync(node, cursor), answer -> {
                    boolean more = follower.synced(answer, askedAt);
                    note();
                    outbox.send();
                    if (!more) {
                        outbox.confirm(); // else this node is not through, and so nobody's purge is
                    }
                    return more;
                });
        }
    }

    /** @param taking takes in an answer; true: there is more to be asked */
    private <T> void then(CompletionStage<T> answer, Predicate<T> taking) {
        answer.whenComplete((value, failure) -> loop.execute(() -> {
            asking = false;
            reachable(failure);
            followAfter(value == null ? AGAIN : SILENCE); // first: whatever becomes of the answer, it goes on
            if (value != null && (taking.test(value) || askAgain)) {
                follow();
            }
        }));
    }

    private void followAfter(Duration pause) {
        long mine = turn;
        loop.schedule(pause, () -> {
            if (mine == turn) {
                follow();
            }
        });
    }

    private void note() {
        Long asOf = follower.currentAsOf();
        if (asOf != null) {
            currentAsOf = asOf;
            everCurrent = true;
        }
    }

    /** Says once what lasts. */
    private void reachable(@Nullable Throwable failure) {
        long now = nanos.getAsLong();
        if (failure == null) {
            if (!reachable) {
                LOG.info("the purge log is reached again");
            }
            reachable = true;
            reachedAt = now;
        } else if (reachable && now - reachedAt > NOTEWORTHY.toNanos()) {
            LOG.warn(
                    "the purge log has not been reached for {} ms: {}", (now - reachedAt) / 1_000_000, reason(failure));
            reachable = false;
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisFailure known ? known.detail() : String.valueOf(cause);
    }

    @Override
    public void joins(LogState state) {
        book.join(state);
        outbox.rejoin(state.epoch());
        LOG.info("following purge log {} from {}", Long.toHexString(state.epoch()), state.floor());
    }

    @Override
    public void learns(LogEntry entry) {
        boolean own = entry.node().equals(node);
        book.learn(entry, own);
        if (own) {
            outbox.learned(entry);
        }
    }
}
