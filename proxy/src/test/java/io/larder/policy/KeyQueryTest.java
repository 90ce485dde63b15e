package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Glob;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyQueryTest {
    private static List<Glob> globs(String names) {
        return Stream.of(names.split(","))
                .filter(n -> !n.isBlank())
                .map(Glob::new)
                .toList();
    }

    @ParameterizedTest(name = "ignore {0} only {1} sort {2}: {3} -> {4}")
    @CsvSource(delimiter = '|', nullValues = "null", quoteCharacter = '~', textBlock = """
            utm_*,fbclid |       | false | a=1&utm_source=x&b=2&fbclid=y | a=1&b=2
            utm_*        |       | false | utm_a=1                       | null
            utm_*        |       | false | utm_=1&utmx=2                 | utmx=2
            utm_*        |       | false | UTM_a=1                       | UTM_a=1
            utm_*        |       | false | utm%5Fa=1                     | utm%5Fa=1
            ~~           | page,q| false | q=1&x=2&page=3                | q=1&page=3
            ~~           | page  | false | x=2                           | null
            ~~           |       | true  | b=2&a=1                       | a=1&b=2
            ~~           |       | true  | b=2&a=2&a=1                   | a=2&a=1&b=2
            ~~           |       | true  | b&a                           | a&b
            utm_*        |       | true  | c=1&utm_x=1&b=2               | b=2&c=1
            utm_*        |       | false | a=1&&b=2                      | a=1&&b=2
            ~~           |       | false | b=2&a=1                       | b=2&a=1
            ~~           |       | false | null                          | null
            """)
    void whatCounts(String ignore, String only, boolean sort, String query, String kept) {
        KeyRules.Query rules = new KeyRules.Query(globs(ignore), globs(only == null ? "" : only), sort);
        assertThat(KeyQuery.of(rules, query)).isEqualTo(kept);
    }

    @Test
    void anyQueryKeepsItsParametersAndSortingIsStable() {
        Random random = new Random(3986);
        KeyRules.Query sorting = new KeyRules.Query(List.of(), List.of(), true);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder query = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                query.append("ab=&&%\u00e9?;".charAt(random.nextInt(9)));
            }
            String sorted = KeyQuery.of(sorting, query.toString());
            assertThat(KeyQuery.of(sorting, sorted)).isEqualTo(sorted);
            assertThat(Arrays.asList(String.valueOf(sorted).split("&", -1)))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.asList(query.toString().split("&", -1)));
        }
    }
}
