package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BalancerTest {
    private static final Stub A = Stub.of("a");
    private static final Stub B = Stub.of("b");
    private static final Stub C = Stub.of("c");
    private static final Stub BACKUP = new Stub("backup", 1, 1);

    static Stream<Arguments> whoMayBePicked() {
        return Stream.of(
                Arguments.of("all primaries", List.of(A, B, C, BACKUP), Set.of(), Set.of(0, 1, 2)),
                Arguments.of("not the ejected", List.of(A, Stub.of("x").ejected(), C), Set.of(), Set.of(0, 2)),
                Arguments.of("not the tried", List.of(A, B, C), Set.of(A.endpoint()), Set.of(1, 2)),
                Arguments.of("backups last", List.of(Stub.of("x").ejected(), BACKUP), Set.of(), Set.of(1)),
                Arguments.of("a backup when primaries failed", List.of(A, BACKUP), Set.of(A.endpoint()), Set.of(1)),
                Arguments.of(
                        "all in doubt: any that may be tried",
                        List.of(Stub.of("x").ejected(), Stub.of("y").ejected()),
                        Set.of(),
                        Set.of(0, 1)),
                Arguments.of(
                        "no panic while one is usable, though tried",
                        List.of(A, Stub.of("y").ejected()),
                        Set.of(A.endpoint()),
                        Set.of()),
                Arguments.of("none left", List.of(A, B), Set.of(A.endpoint(), B.endpoint()), Set.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whoMayBePicked")
    void picksAmongThoseWhoMayBe(String rule, List<Stub> candidates, Set<Endpoint> excluded, Set<Integer> allowed) {
        for (Policy policy : Policy.values()) {
            Balancer balancer = policy.balancer();
            Random random = new Random(7);
            List<Integer> picked = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                OptionalInt pick =
                        balancer.pick(candidates, new Choice(random.nextLong(), 0, excluded, 0, random::nextInt));
                pick.ifPresent(picked::add);
                assertThat(pick.isPresent()).isEqualTo(!allowed.isEmpty());
            }
            assertThat(Set.copyOf(picked)).as("%s: %s", rule, policy).isEqualTo(allowed);
        }
    }

    @Test
    void roundRobinSpreadsTheHeavyOne() {
        List<Stub> servers = List.of(new Stub("a", 5, 0), B, C);
        RoundRobin balancer = new RoundRobin();
        StringBuilder turns = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            int picked = balancer.pick(servers, new Choice(0, 0, Set.of(), 0, bound -> 0))
                    .orElseThrow();
            turns.append("abc".charAt(picked));
        }
        assertThat(turns).hasToString("aabacaaaabacaa");
    }

    @Test
    void loopsDoNotAllBeginWithTheSameServer() {
        List<Stub> servers = List.of(A, B, C);
        Random random = new Random(1);
        int[] first = new int[3];
        for (int loop = 0; loop < 300; loop++) {
            first[
                    new RoundRobin()
                            .pick(servers, new Choice(0, 0, Set.of(), 0, random::nextInt))
                            .orElseThrow()]++;
        }
        for (int count : first) {
            assertThat(count).isBetween(70, 130);
        }
    }

    @Test
    void leastRequestsAvoidsTheBusy() {
        Stub busy = Stub.of("busy");
        busy.inFlight = 100;
        List<Stub> servers = List.of(busy, Stub.of("free"));
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            assertThat(new LeastRequests().pick(servers, new Choice(0, 0, Set.of(), 0, random::nextInt)))
                    .hasValue(1);
        }
    }

    @Test
    void idleServersShareByWeight() {
        List<Stub> servers = List.of(new Stub("a", 1, 0), new Stub("b", 3, 0));
        Random random = new Random(11);
        int heavy = 0;
        for (int i = 0; i < 10_000; i++) {
            heavy += new LeastRequests()
                    .pick(servers, new Choice(0, 0, Set.of(), 0, random::nextInt))
                    .orElseThrow();
        }
        assertThat(heavy / 10_000.0).isCloseTo(0.75, within(0.03));
    }

    private record Departure(double at, Stub server) {}

    /** Requests come at random, and each server takes a random time, one of them four times the others'. */
    private static int longestQueue(Balancer balancer) {
        Random random = new Random(42);
        List<Stub> servers = Stream.of("a", "b", "c", "slow").map(Stub::of).toList();
        PriorityQueue<Departure> busy = new PriorityQueue<>((x, y) -> Double.compare(x.at(), y.at()));
        double now = 0;
        int longest = 0;
        for (int i = 0; i < 20_000; i++) {
            now += -Math.log(1 - random.nextDouble()) / 20;
            while (!busy.isEmpty() && busy.peek().at() <= now) {
                busy.remove().server().inFlight--;
            }
            Stub server = servers.get(balancer.pick(servers, new Choice(0, 0, Set.of(), 0, random::nextInt))
                    .orElseThrow());
            server.inFlight++;
            double mean = server.endpoint().address().equals("slow") ? 0.4 : 0.1;
            busy.add(new Departure(
                    now - Math.log(1 - random.nextDouble()) * mean * (1 + server.inFlight / 8.0), server));
            longest = Math.max(longest, server.inFlight);
        }
        return longest;
    }

    @Test
    void twoChoicesKeepTheSlowServersQueueShort() {
        int blind = longestQueue(new RoundRobin());
        int seeing = longestQueue(new LeastRequests());
        assertThat(seeing)
                .as("least-requests, against %s for round-robin", blind)
                .isLessThan(blind);
        assertThat(seeing).isLessThan(16);
    }
}
