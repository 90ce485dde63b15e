package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.coherence.Purge.Mode;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final long EPOCH = 7;
    private static final Subject PAGE = new Subject("a", "/p");
    private static final Set<Purge> PURGE = Set.of(new Purge.Url("a", "/p"));
    private static final Ledger FOLLOWING = Ledger.EMPTY.joining(new LogState(EPOCH, 100, 100));

    private static LogEntry entry(long position) {
        return new LogEntry(position, "other", 1, PURGE, Mode.HARD);
    }

    private static Verdict own(Ledger ledger, Fence fence) {
        return ledger.own().verdict(PAGE, fence.own());
    }

    @Test
    void whatTheLogBringsIsInForceInBothOrders() {
        Fence before = FOLLOWING.fence();
        Ledger after = FOLLOWING.with(entry(101), false);
        assertThat(own(after, before)).isEqualTo(Verdict.GONE);
        assertThat(own(after, after.fence())).isEqualTo(Verdict.VALID);
        assertThat(after.verdict(PAGE, before.shared())).isEqualTo(Verdict.GONE);
        assertThat(after.verdict(PAGE, after.fence().shared())).isEqualTo(Verdict.VALID);
        assertThat(after.cursor()).isEqualTo(new AsOf(EPOCH, 101));
    }

    @Test
    void aPurgeOfItsOwnIsInForceBeforeTheLogHasIt() {
        Fence before = FOLLOWING.fence();
        Ledger asked = FOLLOWING.withPending(new Ledger.Pending(1, PURGE, Mode.HARD));
        assertThat(own(asked, before)).isEqualTo(Verdict.GONE);
        assertThat(own(asked, asked.fence())).as("fetched since").isEqualTo(Verdict.VALID);
        assertThat(asked.verdict(PAGE, asked.fence().shared()))
                .as("from the shared tier: who knows when it was fetched")
                .isEqualTo(Verdict.GONE);
    }

    @Test
    void whatWasFetchedSinceOutlivesTheLogsWordOfAPurgeOfItsOwn() {
        Ledger asked = FOLLOWING.withPending(new Ledger.Pending(1, PURGE, Mode.HARD));
        Fence since = asked.fence();
        Ledger heard = asked.with(new LogEntry(101, "self", 1, PURGE, Mode.HARD), true);
        assertThat(heard.pending()).isEmpty();
        assertThat(own(heard, since)).isEqualTo(Verdict.VALID);
        assertThat(heard.verdict(PAGE, since.shared()))
                .as("other nodes cannot tell it from what was fetched before")
                .isEqualTo(Verdict.GONE);
        assertThat(heard.verdict(PAGE, heard.fence().shared())).isEqualTo(Verdict.VALID);
    }

    @Test
    void aPurgeOfItsOwnThatStandsInTheLogTwiceIsInForceOnce() {
        Ledger heard = FOLLOWING
                .withPending(new Ledger.Pending(1, PURGE, Mode.HARD))
                .with(new LogEntry(101, "self", 1, PURGE, Mode.HARD), true);
        Fence since = heard.fence();
        Ledger again = heard.with(new LogEntry(102, "self", 1, PURGE, Mode.HARD), true);
        assertThat(own(again, since)).isEqualTo(Verdict.VALID);
        assertThat(again.verdict(PAGE, since.shared()))
                .as("other nodes cannot know that")
                .isEqualTo(Verdict.GONE);
    }

    @Test
    void aPurgeThatStandsForOthersConcernsOnlyWhatComesFromOutside() {
        Ledger.Pending standing = new Ledger.Pending(1, Set.of(new Purge.All()), Mode.DOUBT);
        Fence before = FOLLOWING.fence();
        Ledger awaiting = FOLLOWING.awaiting(standing);
        assertThat(own(awaiting, before)).isEqualTo(Verdict.VALID);
        assertThat(awaiting.verdict(PAGE, before.shared())).isEqualTo(Verdict.DOUBTED);
        Ledger heard = awaiting.with(new LogEntry(101, "self", 1, standing.purges(), Mode.DOUBT), true);
        assertThat(heard.pending()).isEmpty();
        assertThat(own(heard, before)).isEqualTo(Verdict.VALID);
        assertThat(heard.verdict(PAGE, before.shared())).isEqualTo(Verdict.DOUBTED);
        assertThat(heard.verdict(PAGE, heard.fence().shared())).isEqualTo(Verdict.VALID);
    }

    @Test
    void aTicketOfAnotherNodeIsNotOnesOwn() {
        Ledger asked = FOLLOWING.withPending(new Ledger.Pending(1, PURGE, Mode.HARD));
        Fence since = asked.fence();
        Ledger heard = asked.with(entry(101), false);
        assertThat(heard.pending()).hasSize(1);
        assertThat(own(heard, since)).isEqualTo(Verdict.GONE);
    }

    @Test
    void whatWasHereWhenALogIsJoinedIsInDoubt() {
        Fence before = Ledger.EMPTY.fence();
        assertThat(own(FOLLOWING, before)).isEqualTo(Verdict.DOUBTED);
        assertThat(own(FOLLOWING, FOLLOWING.fence())).isEqualTo(Verdict.VALID);
    }

    @Test
    void whatAnotherLogKnewIsInDoubtAndMayBeGone() {
        AsOf foreign = new AsOf(EPOCH + 1, 1_000_000);
        assertThat(FOLLOWING.verdict(PAGE, foreign)).isEqualTo(Verdict.DOUBTED);
        assertThat(FOLLOWING.with(entry(101), false).verdict(PAGE, foreign)).isEqualTo(Verdict.GONE);
    }

    @Test
    void whatIsOlderThanTheLogRemembersIsGone() {
        assertThat(FOLLOWING.verdict(PAGE, new AsOf(EPOCH, 99))).isEqualTo(Verdict.GONE);
        assertThat(FOLLOWING.verdict(PAGE, new AsOf(EPOCH, 100))).isEqualTo(Verdict.VALID);
    }

    @Test
    void whatANodeFetchedThatHasReadFurtherIsGood() {
        assertThat(FOLLOWING.verdict(PAGE, new AsOf(EPOCH, 500))).isEqualTo(Verdict.VALID);
    }

    @Test
    void pendingPurgesSurviveAnotherLog() {
        Ledger asked = FOLLOWING.withPending(new Ledger.Pending(1, PURGE, Mode.HARD));
        Ledger moved = asked.joining(new LogState(EPOCH + 1, 200, 200));
        assertThat(moved.pending()).isEqualTo(asked.pending());
        assertThat(moved.verdict(PAGE, new AsOf(EPOCH + 1, 200))).isEqualTo(Verdict.GONE);
    }

    @Test
    void settlingForgetsWhatWasHeldAgainstEverything() {
        Ledger held = FOLLOWING.with(entry(101), false);
        Ledger later = held.with(Set.of(new Purge.Tag("t")), Mode.SOFT);
        Ledger settled = later.settled(held);
        assertThat(settled.own().size()).isEqualTo(1);
        assertThat(settled.cursor()).isEqualTo(later.cursor());
        assertThat(settled.verdict(PAGE, new AsOf(EPOCH, 100)))
                .as("the shared tier was not walked")
                .isEqualTo(Verdict.GONE);
    }

    @Test
    void theLogIsReadInOrder() {
        Ledger at = FOLLOWING.with(entry(101), false);
        assertThatThrownBy(() -> at.with(entry(101), false)).isInstanceOf(IllegalArgumentException.class);
    }
}
