package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
            utm_*        |       | false | ~~                            | ~~
            *            |       | false | ~~                            | null
            utm_*        |       | false | &                             | &
            utm_*        |       | false | a=1&                          | a=1&
            utm_*        |       | false | a=1?utm_x=2                   | a=1?utm_x=2
            utm_*        |       | false | utm_x=2?a=1                   | null
            utm_*        |       | false | utm_x=1;page=2                | utm_x=1;page=2
            utm_*        |       | false | a=1&utm_x=1;page=2            | a=1&utm_x=1;page=2
            utm_*        |       | false | utm_%26page=2                 | utm_%26page=2
            utm_*        |       | false | utm_%=2                       | utm_%=2
            utm_*        |       | false | utm_+x=2&b=1                  | utm_+x=2&b=1
            utm_*        |       | false | utm_é=2&b=1              | utm_é=2&b=1
            utm_*        |       | false | utm_x=%zz&b=1                 | b=1
            utm_*        |       | false | utm_x&b                       | b
            utm_*        |       | false | utm_x==&b==                   | b==
            ~~           | page  | false | x=1;page=2                    | x=1;page=2
            ~~           | page  | false | %70age=2&x=1                  | %70age=2
            ~~           | page  | false | pag%45=2&x=1                  | pag%45=2
            ~~           | page  | false | Page=2&x=1                    | Page=2
            ~~           | page  | false | page[]=2&x=1                  | page[]=2
            ~~           | page  | false | page%5B0%5D=2&x=1             | page%5B0%5D=2
            ~~           | page  | false | +page=2&x=1                   | +page=2
            ~~           | page  | false | %2570age=2&x=1                | %2570age=2
            ~~           | page  | false | p%u0061ge=2&x=1               | p%u0061ge=2
            ~~           | page  | false | page%00x=2&x=1                | page%00x=2
            ~~           | a_b   | false | a.b=2&a+b=3&x=1               | a.b=2&a+b=3
            ~~           | Page  | false | page=2&x=1                    | page=2
            ~~           | f[*]  | false | f[a]=2&x=1                    | f[a]=2
            ~~           | page  | false | &&=1&page=2                   | page=2
            ~~           |       | true  | %61=2&a=1                     | %61=2&a=1
            ~~           |       | true  | a=1&%61=2                     | a=1&%61=2
            ~~           |       | true  | b=1&A=2&a=1                   | A=2&a=1&b=1
            ~~           |       | true  | b=1&a[x]=2&a=1                | a[x]=2&a=1&b=1
            ~~           |       | true  | a_b=1&a.b=1&a_a=3             | a_a=3&a_b=1&a.b=1
            ~~           |       | true  | c=1&a_b=2&a.b=1               | a_b=2&a.b=1&c=1
            ~~           |       | true  | b=1;a=2&a=1                   | b=1;a=2&a=1
            ~~           |       | true  | b=1&%zz=2&a=1                 | b=1&%zz=2&a=1
            ~~           |       | true  | b=1&é=2&a=1              | b=1&é=2&a=1
            ~~           |       | true  | b=1&a=1&                      | &a=1&b=1
            ~~           |       | true  | b=%C3%A9&a=%c3%a9             | a=%c3%a9&b=%C3%A9
            """)
    void whatCounts(String ignore, String only, boolean sort, String query, String kept) {
        KeyRules.Query rules = new KeyRules.Query(globs(ignore), globs(only == null ? "" : only), sort);
        assertThat(KeyQuery.of(rules, query)).isEqualTo(kept);
    }

    /** Parameters as some origin reads them, by the name it knows them under, in order. */
    private static List<List<String>> read(String query, String separators, boolean likePhp) {
        List<List<String>> pairs = new ArrayList<>();
        for (String part : query.split("[" + separators + "]", 0)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String decoded = name.replace("%61", "a").replace("%5b", "[").replace('+', ' ');
            String known = likePhp
                    ? decoded.replaceAll("\\[.*", "")
                            .stripLeading()
                            .replace('.', '_')
                            .replace(' ', '_')
                    : decoded;
            if (!known.isEmpty()) {
                pairs.add(List.of(known, part));
            }
        }
        return pairs;
    }

    private static List<List<String>> named(List<List<String>> pairs, String name) {
        return pairs.stream().filter(pair -> pair.get(0).equals(name)).toList();
    }

    @Test
    void queriesWithOneKeyHaveTheSameParametersToAnyOrigin() {
        Random random = new Random(3986);
        String[] pieces = {"a", "a", "&", "&", "=", "1", "2", ";", "%61", "A", "[", "%5b", ".", "_", "+", "b", "x"};
        KeyRules.Query sorting = new KeyRules.Query(List.of(), List.of(), true);
        KeyRules.Query only = new KeyRules.Query(List.of(), globs("a"), true);
        Map<String, String> sorted = new HashMap<>();
        Map<String, String> kept = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            StringBuilder query = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                query.append(pieces[random.nextInt(pieces.length)]);
            }
            String text = query.toString();
            compare(
                    sorted.putIfAbsent(String.valueOf(KeyQuery.of(sorting, text)), text),
                    text,
                    List.of("a", "b", "a_", "A"));
            compare(kept.putIfAbsent(String.valueOf(KeyQuery.of(only, text)), text), text, List.of("a"));
        }
        assertThat(kept).hasSizeLessThan(sorted.size());
    }

    private static void compare(@Nullable String one, String other, List<String> names) {
        for (String name : one == null ? List.<String>of() : names) {
            for (String separators : List.of("&", "&;")) {
                for (boolean likePhp : new boolean[] {false, true}) {
                    assertThat(named(read(other, separators, likePhp), name))
                            .as(one + " and " + other)
                            .isEqualTo(named(read(String.valueOf(one), separators, likePhp), name));
                }
            }
        }
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
