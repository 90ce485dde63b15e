package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.store.redis.Breaker.Closed;
import io.larder.store.redis.Breaker.Open;
import io.larder.store.redis.Breaker.Probing;
import io.larder.store.redis.Breaker.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
    private static final long SECOND = 1_000_000_000L;
    private final Breaker rule = Breaker.usual();

    /** A letter is an event: {@code s}uccess, {@code f}ailure, {@code p}robe, {@code y}es or {@code n}o to it; {@code .} is a second. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s                                        | closed",
                "ffff                                     | closed",
                "fffff                                    | open",
                "ffffsffffs                               | closed",
                "ffffsfffff                               | open",
                "ffff..........f                          | open", // in a row, however far apart
                "sfsfsfsfsfsfsfsfsf                       | closed", // half of eighteen
                "sfsfsfsfsfsfsfsfsfsf                     | open", // half of twenty
                "ssfssfssfssfssfssfssfssfssfssf           | closed", // a third
                "sfsfsfsfsfsfsfsfsf..........sf           | closed", // too long ago to count
                "sfsfsfsfs.........fsfsfsfsfsf            | open", // just in the window
                "fffffp                                   | open", // too early for a probe
                "fffff.p                                  | probing",
                "fffff.pp                                 | probing",
                "fffff.py                                 | closed",
                "fffff.pyffff                             | closed", // the slate is clean
                "fffff.pn                                 | open",
                "fffff.pnp                                | open",
                "fffff.pn.p                               | probing",
                "fffffsss                                 | open", // stragglers close nothing
                "fffff.fff.p                              | probing", // and prolong nothing
                "fffff.psss                               | probing",
                "fffff.pfff                               | probing",
                "ffpyn                                    | closed", // answers to no probe
            })
    void goesThroughItsStates(String events, String state) {
        State now = rule.start(-7 * SECOND);
        long nanos = -7 * SECOND;
        for (int i = 0; i < events.length(); i++) {
            char event = events.charAt(i);
            now = switch (event) {
                case 's' -> rule.succeeded(now, nanos);
                case 'f' -> rule.failed(now, nanos);
                case 'p' -> rule.probe(now, nanos);
                case 'y' -> rule.probed(now, true, nanos);
                case 'n' -> rule.probed(now, false, nanos);
                default -> now;
            };
            nanos += event == '.' ? SECOND : 0;
        }
        assertThat(
                        switch (now) {
                            case Closed closed -> "closed";
                            case Open open -> "open";
                            case Probing probing -> "probing";
                        })
                .isEqualTo(state);
        assertThat(now.mayAsk()).isEqualTo(state.equals("closed"));
    }

    @Test
    void refusesNonsense() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Breaker(0, 1, 1, second, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Breaker(1, 1, 0, second, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Breaker(1, 1, 1.1, second, second)).isInstanceOf(IllegalArgumentException.class);
    }
}
