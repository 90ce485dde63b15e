package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.exchange.ManualLoop;
import io.larder.http.Headers;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.VaryKey;
import io.larder.store.Leases.Claim;
import io.larder.store.Leases.Ending;
import io.larder.store.Leases.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who fetches and who waits, for how long, and what ends it: in virtual time. */
class SharedLeasesTest {
    private static final CacheKey KEY = StoreContract.key("http://a/p");
    private static final AsOf BEFORE = new AsOf(7, 1);
    private static final AsOf AFTER = new AsOf(7, 3);

    private final ManualLoop clock = new ManualLoop(StoreContract.NOW);
    private final MemoryLeaseTable table = new MemoryLeaseTable(clock);

    /** A purge that the nodes of this test know of, by where it stands in the log. */
    private long purge;

    private long chance;

    /** A node; while it is frozen its loop stands still, and others go on. */
    private final class Node {
        final MemoryLeaseTable.Line line = table.line();
        final ManualLoop loop = new ManualLoop(StoreContract.NOW);
        CompletionStage<?> written = CompletableFuture.completedFuture(true);
        boolean frozen;
        final SharedLeases leases = new SharedLeases(
                line, "ns", (key, asOf) -> asOf.position() < purge, key -> written, () -> chance++, loop);

        Node() {
            leases.start();
            nodes.add(this);
        }

        CompletableFuture<Claim> claiming(AsOf asOf) {
            CompletableFuture<Claim> claim =
                    leases.claim(KEY, VaryKey.NONE, asOf).toCompletableFuture();
            pass(Duration.ZERO);
            return claim;
        }

        Claim claim() {
            return claiming(BEFORE).join();
        }

        Claim.Ours ours() {
            return (Claim.Ours) claim();
        }

        CompletableFuture<Ending> theirs() {
            return ((Claim.Theirs) claim()).over().toCompletableFuture();
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final Node one = new Node();
    private final Node two = new Node();
    private final Node three = new Node();

    /** All clocks go on together, in steps of a millisecond at most. */
    private void pass(Duration time) {
        for (long left = time.toMillis(); left >= 0; left--) {
            clock.advance(left == 0 ? Duration.ZERO : Duration.ofMillis(1));
            for (Node node : nodes) {
                if (!node.frozen) {
                    node.loop.advance(Duration.ofNanos(clock.nanos() - node.loop.nanos()));
                }
            }
        }
        nodes.stream().filter(node -> !node.frozen).forEach(node -> node.loop.run());
    }

    private void release(Claim.Ours lease, Outcome outcome) {
        lease.release(outcome);
        pass(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstFetchesAndTheOthersHearWhatCameOfIt(Outcome outcome) {
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        CompletableFuture<Ending> third = three.theirs();
        assertThat(one.theirs()).as("on the same node, too").isNotDone();
        pass(Duration.ofMillis(100));
        assertThat(second).isNotDone();
        release(lease, outcome);
        assertThat(second).isCompletedWithValue(new Ending.Landed(outcome));
        assertThat(third).isCompletedWithValue(new Ending.Landed(outcome));
        assertThat(two.claim()).as("nobody fetches any more").isInstanceOf(Claim.Ours.class);
        assertThat(one.leases.stats()).isEqualTo(new Leases.Stats(1, 1, 0, 0, 0, 0));
        assertThat(two.leases.stats()).isEqualTo(new Leases.Stats(1, 1, 0, 0, 1, 0));
    }

    @Test
    void nobodyIsToldBeforeItIsWrittenWhereOthersFindIt() {
        CompletableFuture<Boolean> write = new CompletableFuture<>();
        one.written = write;
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        release(lease, Outcome.STORED);
        pass(Duration.ofMillis(1500));
        assertThat(second).as("the lease goes on meanwhile").isNotDone();
        write.complete(true);
        pass(Duration.ZERO);
        assertThat(second).isCompletedWithValue(new Ending.Landed(Outcome.STORED));
    }

    @Test
    void onlyTheFirstReleaseCounts() {
        Claim.Ours lease = one.ours();
        release(lease, Outcome.FAILED);
        Claim.Ours next = two.ours();
        CompletableFuture<Ending> third = three.theirs();
        release(lease, Outcome.STORED);
        assertThat(third).isNotDone();
        release(next, Outcome.STORED);
        assertThat(third).isCompletedWithValue(new Ending.Landed(Outcome.STORED));
    }

    @Test
    void aSlowOriginDoesNotEndALease() {
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        pass(Duration.ofMillis(4900));
        assertThat(second).isNotDone();
        assertThat(three.claim()).isInstanceOf(Claim.Theirs.class);
        release(lease, Outcome.STORED);
        assertThat(second).isCompletedWithValue(new Ending.Landed(Outcome.STORED));
        assertThat(two.line.calls).as("questions of one who waits").isLessThan(10);
    }

    @Test
    void whoTakesTooLongIsWaitedForNoMore() {
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        pass(Duration.ofMillis(4990));
        assertThat(second).isNotDone();
        pass(Duration.ofMillis(20));
        assertThat(second).isCompletedWithValue(new Ending.Late());
        assertThat(two.leases.stats().timedOut()).isEqualTo(1);
        assertThat(three.claim()).as("and has it still").isInstanceOf(Claim.Theirs.class);
        release(lease, Outcome.STORED);
        assertThat(two.leases.stats().waiting()).isZero();
    }

    @Test
    void aFrozenHolderIsMissedAfterASecond() {
        one.ours();
        pass(Duration.ofMillis(700));
        one.frozen = true;
        CompletableFuture<Ending> second = two.theirs();
        CompletableFuture<Ending> third = three.theirs();
        pass(Duration.ofMillis(1010));
        assertThat(second).isCompletedWithValue(new Ending.Lost());
        assertThat(third).isCompletedWithValue(new Ending.Lost());
        assertThat(two.leases.stats().lost()).isEqualTo(1);
        Claim.Ours lease = two.ours();
        CompletableFuture<Ending> again = three.theirs();
        one.frozen = false;
        pass(Duration.ofMillis(500));
        assertThat(one.leases.stats().held()).as("it knows that it has none").isZero();
        release(lease, Outcome.STORED);
        assertThat(again).isCompletedWithValue(new Ending.Landed(Outcome.STORED));
    }

    @Test
    void aHolderThatIsCutOffIsMissedAfterASecondToo() {
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        one.line.reachable = false;
        pass(Duration.ofMillis(1010));
        assertThat(second).isCompletedWithValue(new Ending.Lost());
        Claim.Ours other = two.ours();
        CompletableFuture<Ending> third = three.theirs();
        one.line.reachable = true;
        release(lease, Outcome.FAILED);
        assertThat(third).as("what it says then is of no concern").isNotDone();
        release(other, Outcome.STORED);
        assertThat(third).isCompleted();
    }

    @Test
    void aShortOutageEndsNoLease() {
        one.ours();
        CompletableFuture<Ending> second = two.theirs();
        one.line.reachable = false;
        pass(Duration.ofMillis(500));
        one.line.reachable = true;
        pass(Duration.ofSeconds(2));
        assertThat(second).isNotDone();
    }

    @Test
    void aMessageThatIsLostCostsASecondAtMost() {
        Claim.Ours lease = one.ours();
        CompletableFuture<Ending> second = two.theirs();
        two.line.deaf = true;
        release(lease, Outcome.STORED);
        assertThat(second).isNotDone();
        pass(Duration.ofMillis(1010));
        assertThat(second).isCompletedWithValue(new Ending.Lost());
    }

    @Test
    void withoutRedisEverybodyGoesByHimself() {
        one.line.reachable = false;
        assertThat(one.claim()).isInstanceOf(Claim.Unknown.class);
        one.line.asked = false;
        int calls = one.line.calls;
        assertThat(one.leases.claim(KEY, VaryKey.NONE, BEFORE).toCompletableFuture())
                .as("at once")
                .isCompletedWithValue(new Claim.Unknown());
        assertThat(one.line.calls).isEqualTo(calls);

        two.ours();
        CompletableFuture<Ending> third = three.theirs();
        three.line.reachable = false;
        pass(Duration.ofMillis(1010));
        assertThat(third).isCompletedWithValue(new Ending.Lost());
        assertThat(one.leases.stats()).isEqualTo(new Leases.Stats(0, 0, 0, 0, 0, 0));
    }

    @Test
    void whoAsksAfterAPurgeDoesNotWaitForOneWhoAskedBefore() {
        Claim.Ours outdated = one.ours();
        CompletableFuture<Ending> early = two.theirs();
        purge = 2;
        Claim claim = three.claiming(AFTER).join();
        assertThat(claim).isInstanceOf(Claim.Ours.class);
        assertThat(one.claiming(AFTER).join()).as("nor on the same node").isInstanceOf(Claim.Theirs.class);
        release(outdated, Outcome.FAILED);
        assertThat(early).as("he waits for what is current").isNotDone();
        release((Claim.Ours) claim, Outcome.STORED);
        assertThat(early).isCompletedWithValue(new Ending.Landed(Outcome.STORED));
    }

    @Test
    void variantsAndKeysDoNotWaitForEachOther() {
        one.ours();
        VaryKey german = VaryKey.of(
                        CacheRules.Negotiation.DEFAULTS,
                        Headers.of("Accept-Language", "de"),
                        Headers.of("Vary", "Accept-Language"))
                .orElseThrow();
        CompletionStage<Claim> variant = two.leases.claim(KEY, german, BEFORE);
        CompletionStage<Claim> other = two.leases.claim(StoreContract.key("http://a/q"), VaryKey.NONE, BEFORE);
        CompletionStage<Claim> same = three.leases.claim(KEY, german, BEFORE);
        pass(Duration.ZERO);
        assertThat(variant.toCompletableFuture().join()).isInstanceOf(Claim.Ours.class);
        assertThat(other.toCompletableFuture().join()).isInstanceOf(Claim.Ours.class);
        assertThat(same.toCompletableFuture().join()).isInstanceOf(Claim.Theirs.class);
    }

    @Test
    void nobodyHoldsOneForGood() {
        one.ours();
        pass(Duration.ofSeconds(119));
        assertThat(two.claim()).isInstanceOf(Claim.Theirs.class);
        pass(Duration.ofSeconds(3));
        assertThat(two.claim()).isInstanceOf(Claim.Ours.class);
        assertThat(one.leases.stats().held()).isZero();
    }

    @Test
    void thereIsAnEndToHoldingAndToWaiting() {
        for (int i = 0; i < 5_000; i++) {
            one.leases.claim(StoreContract.key("http://a/" + i), VaryKey.NONE, BEFORE);
            one.loop.run();
        }
        assertThat(one.leases.stats().held()).isEqualTo(4_096);
        assertThat(one.claim()).isInstanceOf(Claim.Unknown.class);
        for (int i = 0; i < 20_000; i++) {
            two.leases.claim(StoreContract.key("http://a/" + i % 4_000), VaryKey.NONE, BEFORE);
            two.loop.run();
        }
        assertThat(two.leases.stats().waiting()).isEqualTo(16_384);
        assertThat(two.claim()).isInstanceOf(Claim.Unknown.class);
    }
}
