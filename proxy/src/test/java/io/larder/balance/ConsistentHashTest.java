package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTest {
    private static final int KEYS = 20_000;
    private final ConsistentHash balancer = new ConsistentHash();

    private static List<Stub> servers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Stub("10.0.0." + i + ":80", 1 + i % 3, 0))
                .toList();
    }

    private static Choice choice(long key, Set<Endpoint> excluded) {
        return new Choice(KeyHash.of("/k/" + key), 0, excluded, 0, bound -> 0);
    }

    private List<Stub> homes(List<Stub> servers, Set<Endpoint> excluded) {
        List<Stub> homes = new ArrayList<>(KEYS);
        for (int key = 0; key < KEYS; key++) {
            homes.add(servers.get(balancer.pick(servers, choice(key, excluded)).orElseThrow()));
        }
        return homes;
    }

    private List<Stub> homes(List<Stub> servers) {
        return homes(servers, Set.of());
    }

    private static double weightShare(Stub server, List<Stub> servers) {
        return server.endpoint().weight()
                / (double) servers.stream()
                        .mapToInt(each -> each.endpoint().weight())
                        .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 40})
    void onlyItsOwnKeysMoveWhenAServerLeavesAndComesBack(int count) {
        List<Stub> all = servers(count);
        List<Stub> before = homes(all);
        for (int leaving = 0; leaving < count; leaving += 7) {
            List<Stub> fewer = new ArrayList<>(all);
            Stub gone = fewer.remove(leaving);
            List<Stub> during = homes(fewer);
            int moved = 0;
            for (int key = 0; key < KEYS; key++) {
                if (before.get(key) == gone) {
                    moved++;
                } else {
                    assertThat(during.get(key)).isSameAs(before.get(key));
                }
            }
            double share = weightShare(gone, all);
            assertThat(moved / (double) KEYS).isBetween(0.65 * share, 1.4 * share);
            assertThat(homes(new ArrayList<>(all))).isEqualTo(before);
        }
    }

    @Test
    void whoMayNotBePickedLosesNoMoreThanItsOwnKeysEither() {
        List<Stub> all = servers(10);
        List<Stub> before = homes(all);
        Stub out = all.get(4);
        List<Stub> excluded = homes(all, Set.of(out.endpoint()));
        out.usable = false;
        List<Stub> unusable = homes(all);
        List<Stub> fewer = new ArrayList<>(all);
        fewer.remove(out);

        assertThat(excluded).isEqualTo(unusable).isEqualTo(homes(fewer)).doesNotContain(out);
        for (int key = 0; key < KEYS; key++) {
            assertThat(before.get(key) == out || before.get(key) == excluded.get(key))
                    .isTrue();
        }
    }

    @Test
    void loopsAndNodesAgreeWhateverTheOrder() {
        List<Stub> all = servers(12);
        List<Stub> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(4));
        List<Stub> here = homes(all);
        List<Stub> there = homes(shuffled);
        assertThat(there).isEqualTo(here);
    }

    @Test
    void keysGoByWeight() {
        List<Stub> all = servers(9);
        Map<Stub, Integer> counts = new HashMap<>();
        homes(all).forEach(home -> counts.merge(home, 1, Integer::sum));
        for (Stub server : all) {
            double share = weightShare(server, all);
            assertThat(counts.getOrDefault(server, 0) / (double) KEYS).isBetween(0.7 * share, 1.35 * share);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 33})
    void nobodyHasMoreThanItsBound(int count) {
        List<Stub> all = servers(count);
        Random random = new Random(count);
        List<Stub> busy = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            boolean grows = random.nextInt(1000) >= busy.size(); // about 500 in flight
            if (!grows) {
                busy.remove(random.nextInt(busy.size())).inFlight--;
                continue;
            }
            long key = random.nextInt(3) == 0 ? 0 : random.nextInt(5000);
            Stub picked = all.get(balancer.pick(all, choice(key, Set.of())).orElseThrow());
            picked.inFlight++;
            busy.add(picked);
            double bound = Math.ceil(1.25 * busy.size() * weightShare(picked, all) - 1e-9);
            assertThat(picked.inFlight).isLessThanOrEqualTo((int) bound);
        }
    }

    @Test
    void aBusyServerIsPassedOverForTheNextOnTheRing() {
        List<Stub> all = IntStream.range(0, 4).mapToObj(i -> Stub.of("s" + i)).toList();
        Stub home = all.get(balancer.pick(all, choice(1, Set.of())).orElseThrow());
        Stub next =
                all.get(balancer.pick(all, choice(1, Set.of(home.endpoint()))).orElseThrow());
        all.forEach(server -> server.inFlight = 10);
        home.inFlight = 14; // 1.25 x 45 / 4 = 14.06, rounded up: one more may come
        assertThat(balancer.pick(all, choice(1, Set.of()))).hasValue(all.indexOf(home));
        home.inFlight = 15;
        assertThat(balancer.pick(all, choice(1, Set.of()))).hasValue(all.indexOf(next));
    }

    @Test
    void keysComeOneByOneToAServerThatStartsSlowly() {
        List<Stub> all = servers(5);
        List<Stub> warm = homes(all);
        Stub starting = all.get(2);
        List<Stub> without = homes(all, Set.of(starting.endpoint()));
        List<Stub> before = without;
        for (double share : new double[] {0.1, 0.3, 0.6, 0.9, 1}) {
            starting.share = share;
            List<Stub> now = homes(all);
            int came = 0;
            for (int key = 0; key < KEYS; key++) {
                assertThat(now.get(key)).isIn(without.get(key), warm.get(key));
                assertThat(before.get(key) == starting && now.get(key) != starting)
                        .as("a key that came goes away again")
                        .isFalse();
                came += now.get(key) == starting ? 1 : 0;
            }
            assertThat(came / (double) Collections.frequency(warm, starting)).isCloseTo(share, within(0.03));
            before = now;
        }
    }

    @Test
    void weightsBeyondTheSizeOfTheRing() {
        List<Stub> all = List.of(
                new Stub("a", 1_000_000, 0),
                new Stub("b", 1_000_000, 0),
                new Stub("c", 500_000, 0),
                new Stub("d", 1, 0));
        List<Stub> homes = homes(all);
        assertThat(Collections.frequency(homes, all.get(0)) / (double) KEYS).isCloseTo(0.4, within(0.02));
        assertThat(Collections.frequency(homes, all.get(2)) / (double) KEYS).isCloseTo(0.2, within(0.02));
        assertThat(HashRing.of(new Endpoint[] {all.getFirst().endpoint()}).size())
                .isLessThanOrEqualTo(1 << 18);
    }

    @Test
    void aRingHasNoEnd() {
        HashRing ring = HashRing.of(new Endpoint[] {Endpoint.of("a"), Endpoint.of("b")});
        assertThat(ring.size()).isEqualTo(2 * HashRing.PLACES);
        assertThat(ring.find(Long.MIN_VALUE)).isZero();
        assertThat(ring.find(Long.MAX_VALUE)).isZero();
        assertThat(ring.after(ring.size() - 1)).isZero();
        assertThat(ring.find(0)).isBetween(ring.size() / 4, 3 * ring.size() / 4);
    }
}
