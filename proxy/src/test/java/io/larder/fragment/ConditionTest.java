package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of {@code <esi:when>} (ESI 1.0 §5.1). */
class ConditionTest {
    private static final Variables VARIABLES =
            Shown.variables(Map.of("HTTP_COOKIE{group}", "gold", "QUERY_STRING{n}", "7", "HTTP_HOST", "shop.example"));

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', textBlock = """
            $(HTTP_COOKIE{group})=='gold'                       # true
            $(HTTP_COOKIE{group}) != 'gold'                     # false
            '$(HTTP_COOKIE{group})' == 'gold'                   # true
            'gold'==$(HTTP_COOKIE{group})                       # true
            $(QUERY_STRING{n}) > 10                             # false
            $(QUERY_STRING{n}) < 10                             # true
            $(QUERY_STRING{n}) >= 7                             # true
            $(QUERY_STRING{n}) <= 6.9                           # false
            $(QUERY_STRING{n}) == 7.0                           # true
            '7a' < '10a'                                        # false
            $(HTTP_COOKIE{none}) == 'x'                         # false
            $(HTTP_COOKIE{none}) != 'x'                         # false
            $(HTTP_COOKIE{none}|'x') == 'x'                     # true
            $(HTTP_COOKIE{group})                               # true
            $(HTTP_COOKIE{none})                                # false
            !$(HTTP_COOKIE{none})                               # true
            !(1==1)                                             # false
            !1==2                                               # true
            1==1 & 2==2                                         # true
            1==1 && 2==3                                        # false
            1==2 | 2==2                                         # true
            1==2 || 2==3                                        # false
            1==1 | 1==1 & 1==2                                  # true
            (1==1 | 1==1) & 1==2                                # false
            0                                                   # false
            false                                               # false
            true                                                # true
            """)
    void holds(String test, boolean expected) {
        Condition condition = ConditionParser.parse(test).orElseThrow();
        assertThat(condition.holds(VARIABLES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "==",
                "1==",
                "==1",
                "1==2==3",
                "(1",
                "1)",
                "1 2",
                "'a",
                "$(",
                "$()",
                "$(a b)==1",
                "1 & ",
                "!",
                "a=b",
                "\"a\"==1"
            })
    void isNoTest(String test) {
        assertThat(ConditionParser.parse(test)).isEmpty();
    }

    @Test
    void howDeepItMayGoIsBounded() {
        assertThat(ConditionParser.parse("!".repeat(10) + "1")).isPresent();
        assertThat(ConditionParser.parse("!".repeat(10_000) + "1")).isEmpty();
        assertThat(ConditionParser.parse("(".repeat(10_000) + "1" + ")".repeat(10_000)))
                .isEmpty();
    }

    @Test
    void whateverItIsItIsReadOrNot() {
        String[] bits = {"$(A)", "$(", ")", "(", "!", "&", "|", "==", "<", "'", "'x'", "1", "2.5", " ", "{", "}", "-"};
        Random random = new Random(8);
        for (int round = 0; round < 50_000; round++) {
            String test = random.ints(1 + random.nextInt(12), 0, bits.length)
                    .mapToObj(i -> bits[i])
                    .collect(Collectors.joining());
            ConditionParser.parse(test)
                    .ifPresent(
                            condition -> assertThat(condition.holds(VARIABLES)).isIn(true, false));
        }
    }
}
