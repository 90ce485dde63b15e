package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoChoicesTest {
    private static Stub server(String name, int weight, int inFlight, double latency) {
        Stub server = new Stub(name, weight, 0);
        server.inFlight = inFlight;
        server.latency = latency;
        return server;
    }

    /** The first drawn is the first: chance names 0. */
    private static String picked(Balancer balancer, Stub... servers) {
        int picked = balancer.pick(List.of(servers), new Choice(0, 0, Set.of(), 0, bound -> 0))
                .orElseThrow();
        return servers[picked].endpoint().address();
    }

    @ParameterizedTest(name = "{0} x {1} first, then {2} x {3}: {4}")
    @CsvSource({
        // weights and requests in flight of the one drawn first, of the other
        "1, 0,    1, 0,    first",
        "1, 1,    1, 1,    first",
        "1, 1,    1, 0,    other",
        "1, 5,    1, 4,    other",
        "1, 4,    1, 5,    first",
        // idle: the draw has honoured the weights already
        "1, 0,    100, 0,  first",
        "100, 0,  1, 0,    first",
        // the light one is idle, and one request would be more than its part
        "100, 3,  1, 0,    first",
        "100, 100, 1, 0,   other",
        // the light one is at work
        "1, 1,    100, 3,  other",
        "1, 1,    100, 99, other",
        "1, 1,    100, 150, first",
        "3, 6,    2, 3,    other",
        "3, 6,    2, 4,    first",
    })
    void lessBusyByWeight(int weight, int inFlight, int otherWeight, int otherInFlight, String expected) {
        assertThat(picked(
                        new LeastRequests(),
                        server("first", weight, inFlight, 0),
                        server("other", otherWeight, otherInFlight, 0)))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} ms, {1} in flight; then {2} ms, {3}: {4}")
    @CsvSource({
        // latencies and requests in flight
        "10, 0,  10, 0,  first",
        "10, 0,  9, 0,   other",
        "10, 0,  9, 1,   first",
        "30, 1,  20, 1,  other",
        "30, 1,  20, 2,  first",
        // nothing is known of one, or of both: it counts as the mean of those that are known
        "10, 0,  0, 0,   first",
        "10, 1,  0, 0,   other",
        "0, 1,   10, 0,  other",
        "0, 1,   0, 0,   other",
        // faster than half of the mean counts as half of it
        "10, 0,  0.001, 0, other",
        "10, 0,  0.001, 1, other",
        "10, 0,  0.001, 3, first",
    })
    void doneSooner(double latency, int inFlight, double otherLatency, int otherInFlight, String expected) {
        assertThat(picked(
                        new Ewma(),
                        server("first", 1, inFlight, latency * 1e6),
                        server("other", 1, otherInFlight, otherLatency * 1e6)))
                .isEqualTo(expected);
    }

    @Test
    void aNewServerIsNeitherStarvedNorFlooded() {
        Dice dice = new Dice(5);
        List<Stub> servers = List.of(server("a", 1, 3, 20e6), server("b", 1, 3, 20e6), server("new", 1, 0, 0));
        Ewma balancer = new Ewma();
        int toNew = 0;
        for (int i = 0; i < 12; i++) { // none of which is answered yet
            Stub picked = servers.get(balancer.pick(servers, new Choice(0, 0, Set.of(), 0, dice::below))
                    .orElseThrow());
            picked.inFlight++;
            toNew += picked == servers.getLast() ? 1 : 0;
        }
        assertThat(toNew).isBetween(5, 7);
    }
}
