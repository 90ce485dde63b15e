package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Position;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long somebody waits for a purge, and what he is told then. */
class AnnouncementTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ManualLoop loop = new ManualLoop();
    private final Exchange exchange = Exchange.begin(
            new RequestId(1),
            loop,
            new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "admin", 9180),
            Interim.NONE);
    private final OpenPurge purge = new OpenPurge();

    private CompletableFuture<Announcement.Progress> waiting(Duration patience) {
        CompletableFuture<Announcement.Progress> waiting =
                purge.announcement().within(patience, exchange).toCompletableFuture();
        loop.run();
        return waiting;
    }

    @Test
    void theWaitEndsWhenItIsComplete() {
        CompletableFuture<Announcement.Progress> waiting = waiting(PATIENCE);
        loop.advance(Duration.ofSeconds(3));
        purge.complete("7-0", "a", "b");
        assertThat(waiting).as("only on the loop").isNotDone();
        loop.run();
        assertThat(waiting).isCompletedWithValueMatching(Announcement.Progress::isComplete);
        loop.advance(Duration.ofMinutes(1));
        assertThat(waiting.join().confirmed()).containsOnlyKeys("a", "b");
    }

    @Test
    void theWaitEndsAtOnceWhereItIsCompleteAlready() {
        purge.complete("7-0", "a");
        assertThat(waiting(PATIENCE)).isCompletedWithValueMatching(Announcement.Progress::isComplete);
    }

    @Test
    void theWaitEndsWithThePatience() {
        CompletableFuture<Announcement.Progress> waiting = waiting(PATIENCE);
        loop.advance(PATIENCE.minusMillis(1));
        assertThat(waiting).isNotDone();
        loop.advance(Duration.ofMillis(1));
        assertThat(waiting.join().missing()).containsExactly("b");
        purge.complete("7-0", "a", "b");
        loop.run();
        assertThat(waiting.join().isComplete()).as("what was known by then").isFalse();
    }

    @Test
    void theWaitEndsWithTheClient() {
        CompletableFuture<Announcement.Progress> waiting = waiting(PATIENCE);
        exchange.departure().announce();
        assertThat(waiting).isDone();
        assertThat(waiting(PATIENCE)).as("of one who has gone already").isDone();
    }

    @Test
    void whoHasNoPatienceHearsWhatThereIs() {
        CompletableFuture<Announcement.Progress> waiting = waiting(Duration.ZERO);
        loop.advance(Duration.ZERO);
        assertThat(waiting.join().reason()).isEqualTo("one node has not confirmed it");
    }

    @Test
    void aLogOutOfReachIsTheReasonAsLongAsItIs() {
        purge.outage = "Redis has not been reached for 12 s";
        assertThat(purge.announcement().isHeldUp()).isTrue();
        assertThat(purge.announcement().progress().reason()).isEqualTo(purge.outage);
        assertThat(purge.announcement().progress().missing()).containsExactly("b");
        purge.outage = null;
        assertThat(purge.announcement().isHeldUp()).isFalse();
        assertThat(purge.announcement().progress().reason()).isEqualTo("one node has not confirmed it");
    }

    @Test
    void aNodeThatIsAloneHasConfirmedWhatIsInForceThere() {
        CompletableFuture<Store.Purged> here = new CompletableFuture<>();
        AtomicLong matched = new AtomicLong(3);
        Announcement alone = Announcement.alone(here, matched::get, new Position(17), Duration.ofMillis(3));
        assertThat(alone.complete().toCompletableFuture())
                .isCompletedWithValue(
                        new Announcement.Progress("17", Map.of("local", Duration.ofMillis(3)), List.of(), null));
        assertThat(alone.here().toCompletableFuture())
                .as("its memory is not free yet")
                .isNotDone();
        assertThat(alone.matched()).as("so far").isEqualTo(3);
        matched.set(4);
        here.complete(new Store.Purged(new Position(17), 4));
        assertThat(alone.here().toCompletableFuture()).isCompletedWithValueMatching(done -> done.matched() == 4);
        assertThat(alone.matched()).isEqualTo(4);
    }
}
