package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Fence;
import io.larder.coherence.Ledger;
import io.larder.coherence.LogEntry;
import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import io.larder.coherence.Verdict;
import io.larder.exchange.ManualLoop;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Reuse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoherenceTest {
    private static final Duration MAX_LAG = Duration.ofSeconds(5);
    private static final CacheKey KEY = StoreContract.key("http://a/p");
    private static final Set<Purge> PURGE = Set.of(new Purge.Url("a", "/p"));

    private final ManualLoop loop = new ManualLoop(StoreContract.NOW);
    private final LocalStore store = new LocalStore(1 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final MemoryLog log = new MemoryLog();
    private final Coherence coherence = new Coherence("self", log, store.book(), MAX_LAG, loop::nanos, loop);

    @BeforeEach
    void start() {
        coherence.start();
        loop.run();
    }

    private void store() {
        store.put(KEY, StoreContract.stored("x", "Cache-Control", "max-age=60"), store.fence());
    }

    private Reuse reuse() {
        Request request = Request.get(Target.of("http", "a", "/p"), Headers.EMPTY);
        return Reuse.of(CacheRules.DEFAULTS, request, store.near(KEY), loop.now());
    }

    private void appendElsewhere(long epoch) {
        log.append(epoch, new LogEntry(0, "other", 1, PURGE, Purge.Mode.HARD));
    }

    @Test
    void aPurgeOfAnotherNodeIsInForceOnceItIsHeardOf() {
        store();
        Fence before = store.fence();
        assertThat(reuse()).isInstanceOf(Reuse.Fresh.class);
        appendElsewhere(1);
        loop.run();
        assertThat(store.near(KEY).isEmpty()).isTrue();
        assertThat(store.put(KEY, StoreContract.stored("x", "Cache-Control", "max-age=60"), before))
                .as("fetched before")
                .isFalse();
    }

    @Test
    void aPurgeIsInForceHereBeforeAnybodyIsAsked() {
        store();
        log.reachable = false;
        coherence.purge(PURGE, Purge.Mode.HARD);
        assertThat(store.near(KEY).isEmpty()).isTrue();
    }

    @Test
    void aPurgeIsCompleteWhenAllThatLiveHaveConfirmedIt() {
        log.livesElsewhere("other");
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.complete().toCompletableFuture()).isNotDone();
        assertThat(purge.progress().missing()).containsExactly("other");
        assertThat(purge.progress().confirmed()).containsOnlyKeys("self");
        assertThat(purge.progress().position()).isEqualTo("0-1");
        assertThat(purge.progress().reason()).isEqualTo("one node has not confirmed it");
        log.confirmsElsewhere("other");
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.complete().toCompletableFuture()).isCompleted();
        assertThat(purge.progress().missing()).isEmpty();
        assertThat(purge.progress().reason()).isNull();
        assertThat(purge.progress().confirmed()).containsOnlyKeys("self", "other");
    }

    @Test
    void whoHasLeftIsNoLongerHeardOf() {
        assertThat(log.nodes()).containsExactly("self");
        CompletableFuture<?> left = coherence.leave().toCompletableFuture();
        loop.run();
        assertThat(left).isCompleted();
        appendElsewhere(1);
        loop.advance(Duration.ofSeconds(10));
        assertThat(log.nodes()).isEmpty();
    }

    @Test
    void whoLeavesTellsFirstWhatNobodyKnowsYet() {
        log.reachable = false;
        coherence.purge(PURGE, Purge.Mode.HARD);
        CompletableFuture<?> left = coherence.leave().toCompletableFuture();
        loop.advance(Duration.ofMillis(200));
        log.reachable = true;
        loop.advance(Duration.ofMillis(200));
        assertThat(left).isCompleted();
        assertThat(log.entries()).hasSize(1);
        assertThat(log.nodes()).isEmpty();
    }

    @Test
    void whoCannotTellLeavesAllTheSame() {
        log.reachable = false;
        coherence.purge(PURGE, Purge.Mode.HARD);
        CompletableFuture<?> left = coherence.leave().toCompletableFuture();
        loop.advance(Duration.ofSeconds(1));
        assertThat(left).isCompletedExceptionally();
    }

    @Test
    void inTheFirstMomentsOfALogNoPurgeIsComplete() {
        log.unsettled = Duration.ofMillis(6_100);
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.complete().toCompletableFuture()).isNotDone();
        assertThat(purge.progress().reason())
                .isEqualTo("the log is new: nodes that are not known yet may live for another 7 s");
        assertThat(purge.isHeldUp()).as("it may be long enough").isFalse();
        log.unsettled = Duration.ZERO;
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.complete().toCompletableFuture()).isCompleted();
    }

    @Test
    void aPurgeWaitsForALogThatIsOutOfReach() {
        log.reachable = false;
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        assertThat(purge.isHeldUp()).as("it may be a hiccup").isFalse();
        assertThat(purge.progress().reason()).isEqualTo("the log has not taken it yet");
        loop.advance(Duration.ofSeconds(10));
        assertThat(purge.isHeldUp()).isTrue();
        assertThat(purge.progress().reason()).isEqualTo("Redis has not been reached for 10 s");
        assertThat(purge.progress().confirmed()).as("in force here").containsOnlyKeys("self");
        assertThat(purge.progress().missing()).as("nobody knows who lives").isEmpty();
        assertThat(purge.progress().position()).isNull();
        assertThat(log.entries()).isEmpty();
        log.reachable = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.purges()).isEqualTo(PURGE));
        assertThat(purge.complete().toCompletableFuture()).isCompleted();
    }

    @Test
    void aPurgeThatWasNotCompleteGoesIntoTheNextLogToo() {
        log.livesElsewhere("other");
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        loop.advance(Duration.ofSeconds(1));
        log.beginAnew();
        loop.advance(Duration.ofSeconds(1));
        assertThat(log.entries()).hasSize(1);
        assertThat(purge.complete().toCompletableFuture())
                .isCompletedWithValueMatching(progress -> progress.isComplete() && "0-2".equals(progress.position()));
    }

    @Test
    void aNodeTrustsWhatItHasForAWhile() {
        assertThat(coherence.isCurrent()).isTrue();
        log.reachable = false;
        loop.advance(MAX_LAG.minusSeconds(1));
        assertThat(coherence.isCurrent()).isTrue();
        loop.advance(Duration.ofSeconds(1));
        assertThat(coherence.isCurrent()).isFalse();
        log.reachable = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(coherence.isCurrent()).isTrue();
        assertThat(coherence.lag()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void whoHadConfirmedInTheLogBeforeIsAskedAgain() {
        log.livesElsewhere("other");
        log.livesElsewhere("third");
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        loop.advance(Duration.ofSeconds(1));
        log.confirmsElsewhere("other");
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.progress().confirmed()).containsOnlyKeys("self", "other");
        assertThat(purge.progress().missing()).containsExactly("third");
        log.beginAnew();
        log.livesElsewhere("other");
        log.livesElsewhere("third");
        loop.advance(Duration.ofSeconds(1));
        assertThat(purge.progress().confirmed()).containsOnlyKeys("self");
        assertThat(purge.progress().missing()).containsExactly("other", "third");
        assertThat(purge.progress().reason()).isEqualTo("2 nodes have not confirmed it");
    }

    @Test
    void aPurgeThatIsCompleteStaysSo() {
        Announcement purge = coherence.purge(PURGE, Purge.Mode.HARD);
        loop.advance(Duration.ofSeconds(1));
        log.reachable = false;
        loop.advance(Duration.ofMinutes(1));
        assertThat(purge.progress().isComplete()).isTrue();
        assertThat(purge.isHeldUp()).isFalse();
    }

    @Test
    void itTellsHowItStands() {
        assertThat(coherence.node()).isEqualTo("self");
        assertThat(coherence.epoch()).isEqualTo("1");
        assertThat(coherence.maxLag()).isEqualTo(MAX_LAG);
        assertThat(coherence.unreached()).isNull();
        assertThat(coherence.fleet().toCompletableFuture().join()).isPresent();
        log.reachable = false;
        loop.advance(Duration.ofSeconds(7));
        assertThat(coherence.unreached()).isEqualTo(Duration.ofSeconds(7));
        assertThat(coherence.fleet().toCompletableFuture().join()).isEmpty();
    }

    @Test
    void whereNoLogWasEverReachedNothingIsTrusted() {
        MemoryLog absent = new MemoryLog();
        absent.reachable = false;
        Coherence lost = new Coherence("lost", absent, store.book(), MAX_LAG, loop::nanos, loop);
        lost.start();
        loop.advance(Duration.ofMinutes(1));
        assertThat(lost.isCurrent()).isFalse();
        assertThat(lost.lag()).isNegative();
        assertThat(lost.unreached()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aLogThatBeganAnewPutsWhatIsHereInDoubt() {
        store();
        assertThat(reuse()).isInstanceOf(Reuse.Fresh.class);
        log.beginAnew();
        loop.advance(Duration.ofSeconds(1));
        assertThat(reuse()).isInstanceOf(Reuse.Validate.class);
        store();
        assertThat(reuse()).as("fetched since").isInstanceOf(Reuse.Fresh.class);
    }

    @Test
    void aSilentLogIsAskedAFewTimesASecond() {
        int before = log.syncs;
        loop.advance(Duration.ofSeconds(10));
        assertThat(log.syncs - before).isBetween(10, 60);
    }

    @Test
    void manyPurgesAreAllTakenIn() {
        List<Announcement> purges = IntStream.range(0, 500)
                .mapToObj(i -> coherence.purge(Set.of(new Purge.Url("a", "/" + i)), Purge.Mode.HARD))
                .toList();
        loop.advance(Duration.ofSeconds(2));
        assertThat(purges)
                .allSatisfy(purge ->
                        assertThat(purge.complete().toCompletableFuture()).isCompleted());
        assertThat(store.book().ledger().pending()).isEmpty();
    }

    private Announcement purge(String path) {
        return coherence.purge(Set.of(new Purge.Url("a", path)), Purge.Mode.HARD);
    }

    private List<Announcement> purges(int count) {
        return IntStream.range(0, count).mapToObj(i -> purge("/" + i)).toList();
    }

    private static void assertComplete(List<Announcement> purges) {
        assertThat(purges)
                .allSatisfy(purge ->
                        assertThat(purge.complete().toCompletableFuture()).isCompleted());
    }

    private List<LogEntry> doubts() {
        return log.entries().stream()
                .filter(entry -> entry.mode() == Purge.Mode.DOUBT)
                .toList();
    }

    private Verdict fromShared(String path) {
        Ledger ledger = store.book().ledger();
        return ledger.verdict(new Subject("a", path), ledger.fence().shared());
    }

    @Test
    void whereTooManyWaitTheRestGoesIntoTheLogAsOne() {
        log.reachable = false;
        List<Announcement> each = purges(Outbox.MOST_WAITING);
        assertThat(fromShared("/p")).isEqualTo(Verdict.VALID);
        List<CacheKey> keys = IntStream.range(0, 100)
                .mapToObj(i -> StoreContract.key("http://a/more/" + i))
                .toList();
        keys.forEach(key -> store.put(key, StoreContract.fresh("x"), store.fence()));
        store();
        List<Announcement> more =
                keys.stream().map(key -> purge(key.pathAndQuery())).toList();
        loop.advance(Duration.ofSeconds(10));

        assertThat(keys).as("purged").allMatch(key -> store.near(key).isEmpty());
        assertThat(reuse()).as("not purged").isInstanceOf(Reuse.Fresh.class);
        assertThat(store.book().ledger().pending()).hasSize(Outbox.MOST_WAITING + 1);
        assertThat(fromShared("/p")).as("may be one of the rest").isEqualTo(Verdict.DOUBTED);
        assertThat(fromShared("/1")).isEqualTo(Verdict.GONE);
        assertThat(log.entries()).isEmpty();
        assertThat(more)
                .allSatisfy(purge -> assertThat(purge.progress().position()).isNull());

        log.reachable = true;
        loop.advance(Duration.ofSeconds(2));
        assertThat(log.entries()).hasSize(Outbox.MOST_WAITING + 1);
        assertThat(doubts())
                .singleElement()
                .satisfies(all -> assertThat(all.purges()).containsExactly(new Purge.All()));
        assertComplete(each);
        assertComplete(more);
        assertThat(more.get(7).progress().confirmed()).containsOnlyKeys("self");
        assertThat(reuse()).as("still not purged").isInstanceOf(Reuse.Fresh.class);
        assertThat(store.book().ledger().pending()).isEmpty();
        assertThat(fromShared("/p")).isEqualTo(Verdict.VALID);

        Announcement later = purge("/later");
        loop.advance(Duration.ofSeconds(1));
        assertComplete(List.of(later));
        assertThat(doubts()).hasSize(1);
    }

    /** An entry that is on its way may be read before what is asked for now has come about. */
    @Test
    void whatIsOnItsWayStandsForNothingMore() {
        log.reachable = false;
        purges(Outbox.MOST_WAITING);
        Announcement first = purge("/first");
        loop.run();
        log.held = entry -> entry.mode() == Purge.Mode.DOUBT;
        log.reachable = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(log.entries()).hasSize(Outbox.MOST_WAITING);

        log.reachable = false;
        purges(Outbox.MOST_WAITING);
        Announcement second = purge("/second");
        Announcement third = purge("/third");
        log.reachable = true;
        log.letGo();
        log.held = entry -> entry.mode() == Purge.Mode.DOUBT;
        loop.advance(Duration.ofSeconds(1));
        assertComplete(List.of(first));
        assertThat(doubts()).hasSize(1);
        assertThat(second.complete().toCompletableFuture()).isNotDone();
        assertThat(fromShared("/p")).isEqualTo(Verdict.DOUBTED);

        log.letGo();
        loop.advance(Duration.ofSeconds(1));
        assertComplete(List.of(second, third));
        assertThat(doubts()).hasSize(2);
        assertThat(store.book().ledger().pending()).isEmpty();
    }

    @Test
    void theRestGoesIntoTheNextLogToo() {
        log.livesElsewhere("other");
        log.reachable = false;
        purges(Outbox.MOST_WAITING);
        Announcement more = purge("/more");
        log.reachable = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(more.progress().position()).isNotNull();
        assertThat(more.complete().toCompletableFuture()).isNotDone();
        log.beginAnew();
        loop.advance(Duration.ofSeconds(2));
        assertThat(log.entries()).hasSize(Outbox.MOST_WAITING + 1);
        assertThat(doubts()).hasSize(1);
        assertComplete(List.of(more));
    }

    @Test
    void manySupersedingResponsesAreBoundedToo() {
        log.reachable = false;
        purges(Outbox.MOST_WAITING);
        Fence since = coherence
                .supersede(KEY, StoreContract.fresh("new"), PURGE, store.fence())
                .orElseThrow();
        assertThat(store.put(KEY, StoreContract.fresh("new"), since)).isTrue();
        assertThat(store.book().ledger().pending()).hasSize(Outbox.MOST_WAITING + 1);
        log.reachable = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(doubts()).hasSize(1);
        assertThat(reuse()).isInstanceOf(Reuse.Fresh.class);
    }

    @Test
    void aPurgeWhoseAnswerIsLostIsFoundInTheLog() {
        log.answers = false;
        Announcement purge = purge("/p");
        loop.advance(Duration.ofSeconds(10));
        assertThat(log.entries()).as("nothing piles up in a log that is slow").hasSize(1);
        assertThat(purge.progress().position()).isNull();
        log.answers = true;
        loop.advance(Duration.ofSeconds(1));
        assertThat(log.entries()).hasSize(1);
        assertThat(purge.progress().position()).isEqualTo(LogPosition.id(1));
        assertComplete(List.of(purge));
    }
}
