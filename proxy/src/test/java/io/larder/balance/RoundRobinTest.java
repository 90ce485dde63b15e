package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private final RoundRobin balancer = new RoundRobin();

    private String turns(int count, Stub... servers) {
        List<Stub> list = List.of(servers);
        StringBuilder turns = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int picked = balancer.pick(list, new Choice(0, 0, Set.of(), 0, bound -> 0))
                    .orElseThrow();
            turns.append(list.get(picked).endpoint().address());
        }
        return turns.toString();
    }

    @Test
    void aNewListOfTheSameServersChangesNothing() {
        Stub a = new Stub("a", 5, 0);
        assertThat(turns(3, a, Stub.of("b"), Stub.of("c"))).isEqualTo("aab");
        assertThat(turns(4, a, Stub.of("b"), Stub.of("c"))).isEqualTo("acaa");
        assertThat(turns(7, Stub.of("c"), Stub.of("b"), a))
                .as("in another order")
                .isEqualTo("aacabaa");
    }

    @Test
    void whoStaysKeepsItsTurn() {
        assertThat(turns(2, Stub.of("a"), Stub.of("b"), Stub.of("c"))).isEqualTo("ab");
        assertThat(turns(1, Stub.of("b"), Stub.of("c"))).as("a has left").isEqualTo("c");
        assertThat(turns(6, Stub.of("b"), Stub.of("c"), Stub.of("d"))
                        .chars()
                        .filter(turn -> turn == 'd')
                        .count())
                .as("one that comes does not catch up on what it missed")
                .isEqualTo(2);
    }

    @Test
    void aServerOfGreatWeightLeavesNoDebts() {
        turns(40, new Stub("a", 100, 0), Stub.of("b"), Stub.of("c"));
        assertThat(turns(4, Stub.of("b"), Stub.of("c"))).isIn("bcbc", "cbcb");
        turns(40, new Stub("a", 100, 0), Stub.of("b"));
        assertThat(turns(4, Stub.of("a"), Stub.of("b")))
                .as("nor when it becomes light")
                .isIn("abab", "baba");
    }

    @Test
    void aShareOfAWeightIsSpreadAsWell() {
        Stub slow = Stub.of("s");
        slow.share = 0.25;
        assertThat(turns(10, Stub.of("a"), slow)).isEqualTo("aasaaaasaa");
    }

    @Test
    void whoWasOutDoesNotCatchUp() {
        Stub a = Stub.of("a");
        Stub b = Stub.of("b");
        turns(1, a, b);
        b.usable = false;
        turns(100, a, b);
        b.usable = true;
        assertThat(turns(6, a, b)).isEqualTo("bababa");
    }
}
