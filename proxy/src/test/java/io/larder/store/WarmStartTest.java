package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node waits for before it asks for requests, and for how long: in virtual time. */
class WarmStartTest {
    private record Asked(CacheKey key, CompletableFuture<Variants> answer) {}

    private final ManualLoop loop = new ManualLoop(StoreContract.NOW);
    private final LocalStore local = new LocalStore(8 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final List<Asked> asked = new ArrayList<>();
    private List<CacheKey> hot = keys(40);
    private boolean current = true;
    private boolean reachable = true;
    private final WarmStart start = new WarmStart(local, this::hottest, this::far, () -> current, loop);

    private static List<CacheKey> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> StoreContract.key("http://a/" + i))
                .toList();
    }

    private CompletionStage<HotKeys.Page> hottest(int from, int most) {
        if (!reachable) {
            return CompletableFuture.failedFuture(new IllegalStateException("out of reach"));
        }
        List<CacheKey> page = hot.subList(Math.min(from, hot.size()), Math.min(from + most, hot.size()));
        return CompletableFuture.completedFuture(new HotKeys.Page(page, page.size() < most));
    }

    private @Nullable CompletionStage<Variants> far(CacheKey key) {
        if (!reachable) {
            return null;
        }
        Asked one = new Asked(key, new CompletableFuture<>());
        asked.add(one);
        return one.answer;
    }

    private CompletableFuture<WarmStart.Stats> begin() {
        CompletableFuture<WarmStart.Stats> done = start.run().toCompletableFuture();
        loop.run();
        return done;
    }

    /** The oldest question that is open is answered. */
    private void answer(int place, Stored... stored) {
        asked.get(place).answer.complete(new Variants(List.of(stored)));
        loop.run();
    }

    @Test
    void sixteenAreAskedForAtOnceTheHottestFirst() {
        CompletableFuture<WarmStart.Stats> done = begin();
        assertThat(asked).hasSize(16);
        assertThat(asked.get(0).key).isEqualTo(hot.get(0));
        answer(3, StoreContract.fresh("body"));
        assertThat(asked).hasSize(17);
        for (int i = 0; i < 40; i++) {
            assertThat(done).isNotDone();
            answer(i, StoreContract.fresh("body"));
        }
        assertThat(asked).extracting(Asked::key).containsExactlyElementsOf(hot);
        assertThat(done).isCompletedWithValueMatching(stats -> stats.keys() == 40 && stats.bytes() > 40 * 200);
    }

    @Test
    void allPagesAreAskedForAndWhatIsHereIsNot() {
        hot = keys(600);
        local.put(hot.get(0), StoreContract.fresh("body"), local.fence());
        CompletableFuture<WarmStart.Stats> done = begin();
        for (int i = 0; i < 599; i++) {
            answer(i); // nothing is found
        }
        assertThat(done).isCompletedWithValue(new WarmStart.Stats(0, 0));
        assertThat(asked).hasSize(599);
    }

    @Test
    void halfOfTheMemoryIsLeftForWhatIsAskedForNow() {
        hot = keys(100);
        CompletableFuture<WarmStart.Stats> done = begin();
        Stored large = StoreContract.fresh("x".repeat(512 * 1024));
        for (int i = 0; i < asked.size(); i++) {
            answer(i, large);
        }
        assertThat(done).isDone();
        assertThat(start.stats().bytes()).isBetween(3L << 20, 12L << 20);
    }

    @Test
    void thereIsAnEndToBringing() {
        CompletableFuture<WarmStart.Stats> done = begin();
        answer(0, StoreContract.fresh("body"));
        loop.advance(Duration.ofMillis(4_990));
        assertThat(done).isNotDone();
        loop.advance(Duration.ofMillis(10));
        assertThat(done).isCompletedWithValueMatching(stats -> stats.keys() == 1);
        int before = asked.size();
        answer(1, StoreContract.fresh("body"));
        assertThat(asked).hasSize(before);
    }

    @Test
    void nothingIsBroughtBeforeAllPurgesAreKnown() {
        current = false;
        CompletableFuture<WarmStart.Stats> done = begin();
        loop.advance(Duration.ofMillis(2_900));
        assertThat(asked).isEmpty();
        current = true;
        loop.advance(Duration.ofMillis(20));
        assertThat(asked).hasSize(16);
        assertThat(done).isNotDone();
    }

    @Test
    void thereIsAnEndToWaitingForThat() {
        current = false;
        CompletableFuture<WarmStart.Stats> done = begin();
        loop.advance(Duration.ofMillis(2_970));
        assertThat(done).isNotDone();
        loop.advance(Duration.ofMillis(50));
        assertThat(done).isCompletedWithValue(new WarmStart.Stats(0, 0));
        current = true;
        loop.advance(Duration.ofSeconds(10));
        assertThat(asked).isEmpty();
    }

    @Test
    void whereRedisGoesAwayItIsTimeForRequests() {
        CompletableFuture<WarmStart.Stats> done = begin();
        reachable = false;
        for (int i = 0; i < 16; i++) {
            answer(i);
        }
        assertThat(done).isCompletedWithValue(new WarmStart.Stats(0, 0));
    }
}
