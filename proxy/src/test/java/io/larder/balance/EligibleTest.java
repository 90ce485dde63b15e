package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Servers are letters: U usable, D down, P down but may be probed; small letters are backups; x after one: it has failed the
 * request already.
 */
class EligibleTest {
    @ParameterizedTest(name = "{0}, panic below {1}: {2}")
    @CsvSource({
        // nothing is known to anybody's disadvantage, or something is
        "UUU, 0,   0 1 2",
        "UDU, 0,   0 2",
        "UPU, 0,   0 2",
        "'',  0.5, ''",
        // backups
        "UUu, 0,   0 1",
        "DUu, 0,   1",
        "DPu, 0,   2",
        "UxU, 0,   1",
        "Uxu, 0,   1",
        "Uxux, 0,  ''",
        // nobody is usable
        "DDD, 0,   ''",
        "DPD, 0,   1",
        "Dp,  0,   1",
        "PPp, 0,   0 1",
        // too few are usable to believe it
        "UDDD, 0.5, 0 1 2 3",
        "UUDD, 0.5, 0 1",
        "DDDD, 0.5, 0 1 2 3",
        "UxDDD, 0.5, 1 2 3",
        "UDD,  0.3, 0",
        // a backup that works is better than primaries that do not
        "DDDu, 0.5, 3",
        "DDud, 0.5, 2",
        "DDudd, 0.5, 2 3 4",
        "UDDu, 0.5, 0 1 2",
    })
    void whoMayBePicked(String servers, double panicBelow, String expected) {
        int[] eligible = Given.of(servers, panicBelow).eligible();
        List<String> found = new ArrayList<>();
        for (int i : eligible) {
            found.add(String.valueOf(i));
        }
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}, panic below {1}: {2}")
    @CsvSource({
        "UD,  0,   true",
        "UxD, 0,   false",
        "Uxu, 0,   true",
        "PP,  0,   false",
        "DD,  0.5, true",
        "DxDx, 0.5, false",
        "'',  0.5, false",
    })
    void whetherOneIsLeftThatNeedNotBeTried(String servers, double panicBelow, boolean expected) {
        Given given = Given.of(servers, panicBelow);
        assertThat(Eligible.isLeft(given.stubs, given.choice)).isEqualTo(expected);
    }

    private record Given(List<Stub> stubs, Choice choice) {
        static Given of(String servers, double panicBelow) {
            List<Stub> stubs = new ArrayList<>();
            Set<Endpoint> excluded = new HashSet<>();
            for (int i = 0; i < servers.length(); i++) {
                char letter = servers.charAt(i);
                if (letter == 'x') {
                    excluded.add(stubs.getLast().endpoint());
                } else {
                    Stub stub = new Stub("s" + stubs.size(), 1, Character.isLowerCase(letter) ? 1 : 0);
                    stub.usable = "Uu".indexOf(letter) >= 0;
                    stub.triable = "Dd".indexOf(letter) < 0;
                    stubs.add(stub);
                }
            }
            return new Given(stubs, new Choice(0, panicBelow, excluded, 0, bound -> 0));
        }

        int[] eligible() {
            return Eligible.of(stubs, choice);
        }
    }
}
