package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for each of them. */
class EveryBalancerTest {
    private final Random random = new Random(17);

    private OptionalInt pick(Balancer balancer, List<Stub> servers) {
        return pick(balancer, servers, Set.of());
    }

    private OptionalInt pick(Balancer balancer, List<Stub> servers, Set<Endpoint> excluded) {
        return balancer.pick(servers, new Choice(random.nextLong(), 0, excluded, 0, random::nextInt));
    }

    private double[] shares(Balancer balancer, List<Stub> servers, int picks) {
        double[] shares = new double[servers.size()];
        for (int i = 0; i < picks; i++) {
            shares[pick(balancer, servers).orElseThrow()] += 1.0 / picks;
        }
        return shares;
    }

    private static List<Stub> servers(int count) {
        return IntStream.range(0, count).mapToObj(i -> Stub.of("s" + i)).toList();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyToPick(Policy policy) {
        Balancer balancer = policy.balancer();
        assertThat(pick(balancer, List.of())).isEmpty();
        assertThat(pick(balancer, servers(3))).isPresent();
        assertThat(pick(balancer, List.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void oneServerGetsAll(Policy policy) {
        List<Stub> one = List.of(Stub.of("a"));
        one.getFirst().inFlight = 1_000_000;
        one.getFirst().share = 0.1;
        assertThat(shares(policy.balancer(), one, 100)).containsExactly(new double[] {1}, within(1e-9));
    }

    /** 3 000 times the greatest weight is more than fits in an int. */
    @ParameterizedTest
    @EnumSource
    void manyOfTheGreatestWeight(Policy policy) {
        List<Stub> heavy = IntStream.range(0, 3000)
                .mapToObj(i -> new Stub("s" + i, 1_000_000, 0))
                .toList();
        heavy.forEach(server -> server.inFlight = Integer.MAX_VALUE / 2);
        Balancer balancer = policy.balancer();
        Set<Integer> picked = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            picked.add(pick(balancer, heavy).orElseThrow());
        }
        assertThat(picked).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @EnumSource
    void theLightestAmongTheHeaviest(Policy policy) {
        List<Stub> servers = List.of(new Stub("light", 1, 0), new Stub("heavy", 1_000_000, 0));
        assertThat(shares(policy.balancer(), servers, 1000)[1]).isGreaterThan(0.99);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheEligibleWhateverHappens(Policy policy) {
        Balancer balancer = policy.balancer();
        for (int round = 0; round < 3000; round++) {
            List<Stub> servers = new ArrayList<>();
            Set<Endpoint> excluded = new HashSet<>();
            for (int i = random.nextInt(7); i > 0; i--) {
                Stub server = any();
                servers.add(server);
                if (random.nextInt(3) == 0) {
                    excluded.add(server.endpoint());
                }
            }
            double panicBelow = random.nextInt(3) / 2.0;
            Choice choice = new Choice(random.nextLong(), panicBelow, excluded, 0, random::nextInt);
            int[] eligible = Eligible.of(servers, choice);
            OptionalInt picked = balancer.pick(servers, choice);
            assertThat(picked.isPresent()).isEqualTo(eligible.length > 0);
            picked.ifPresent(at -> {
                assertThat(eligible).contains(at);
                assertThat(excluded).doesNotContain(servers.get(at).endpoint());
            });
        }
    }

    private Stub any() {
        int weight = random.nextInt(5) == 0 ? 1_000_000 : 1 + random.nextInt(5);
        Stub server = new Stub("s" + random.nextInt(1000), weight, random.nextInt(2));
        server.usable = random.nextInt(3) > 0;
        server.triable = random.nextBoolean();
        server.inFlight = random.nextInt(4) == 0 ? 1000 : random.nextInt(4);
        server.share = random.nextInt(3) == 0 ? 1 : Math.max(1e-9, random.nextDouble());
        server.latency = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 1e12;
        return server;
    }

    /** Nothing is in flight, as when a site has few visitors. */
    @ParameterizedTest
    @EnumSource
    void idleServersShareByWeight(Policy policy) {
        List<Stub> servers = List.of(new Stub("a", 1, 0), new Stub("b", 2, 0), new Stub("c", 5, 0));
        double tolerance = policy == Policy.CONSISTENT_HASH ? 0.08 : 0.02; // the ring is as fair as its places fall
        double[] shares = shares(policy.balancer(), servers, 20_000);
        assertThat(shares).containsExactly(new double[] {1 / 8.0, 2 / 8.0, 5 / 8.0}, within(tolerance));
    }

    @ParameterizedTest
    @EnumSource
    void twoEqualServersShareAlike(Policy policy) {
        double tolerance = policy == Policy.CONSISTENT_HASH ? 0.1 : 0.02;
        assertThat(shares(policy.balancer(), servers(2), 20_000))
                .containsExactly(new double[] {0.5, 0.5}, within(tolerance));
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatStartsSlowlyGetsItsShareAndNoLess(Policy policy) {
        for (int others : new int[] {1, 4}) {
            List<Stub> servers = servers(others + 1);
            servers.getFirst().share = 0.1;
            double fair = 0.1 / (others + (policy == Policy.CONSISTENT_HASH ? 1 : 0.1)); // a tenth of its keys
            assertThat(shares(policy.balancer(), servers, 20_000)[0])
                    .as("beside %d others", others)
                    .isBetween(fair * 0.75, fair * 1.25);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereAllStartSlowlyAllAreUsed(Policy policy) {
        List<Stub> servers = servers(4);
        servers.forEach(server -> server.share = 0.1);
        assertThat(shares(policy.balancer(), servers, 20_000))
                .containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(0.07));
    }

    @ParameterizedTest
    @EnumSource
    void backupsGetNothingWhilePrimariesLive(Policy policy) {
        List<Stub> servers = List.of(Stub.of("a"), new Stub("backup", 100, 1), Stub.of("b"));
        assertThat(shares(policy.balancer(), servers, 1000)[1]).isZero();
        servers.getFirst().usable = false;
        servers.getLast().usable = false;
        assertThat(shares(policy.balancer(), servers, 100)[1]).isCloseTo(1, within(1e-9));
    }

    /** Servers come and go after every few requests; each time there is another list. */
    @ParameterizedTest
    @EnumSource
    void changesDoNotDisturbFairness(Policy policy) {
        Balancer balancer = policy.balancer();
        List<Stub> stay = servers(5);
        Stub guest = Stub.of("guest");
        int[] counts = new int[5];
        for (int round = 0; round < 4000; round++) {
            List<Stub> servers = new ArrayList<>(stay);
            if (round % 2 == 0) {
                servers.add(round % 3, guest);
            }
            for (int i = 0; i < 7; i++) {
                Stub picked = servers.get(pick(balancer, servers).orElseThrow());
                if (picked != guest) {
                    counts[stay.indexOf(picked)]++;
                }
            }
        }
        double mean = Arrays.stream(counts).average().orElseThrow();
        double tolerance = policy == Policy.CONSISTENT_HASH ? 0.2 : 0.05;
        for (int count : counts) {
            assertThat(count / mean).isCloseTo(1, within(tolerance));
        }
    }

    /** The same list object, of which the contract says that it does not change, is not trusted blindly. */
    @ParameterizedTest
    @EnumSource
    void aListThatGrowsOrShrinksIsNoticed(Policy policy) {
        List<Stub> servers = new ArrayList<>(servers(6));
        Balancer balancer = policy.balancer();
        shares(balancer, servers, 100);
        servers.removeLast();
        servers.removeFirst();
        assertThat(shares(balancer, servers, 1000)).hasSize(4).doesNotContain(0);
        servers.add(Stub.of("new"));
        assertThat(shares(balancer, servers, 1000)).hasSize(5).doesNotContain(0);
    }
}
