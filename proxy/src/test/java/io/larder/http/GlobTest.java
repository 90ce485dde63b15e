package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest(name = "{0} ~ {1}: {2}")
    @CsvSource({
        "a, a, true",
        "a, ab, false",
        "a*, ab, true",
        "a*, a, true",
        "*a, ba, true",
        "*a, ab, false",
        "a*c, abbc, true",
        "a*c, abcb, false",
        "*, x, true",
        "*_session, wiki_session, true",
        "*_session, session, false",
        "a*b*c, a1b2c, true",
        "a*b*c, acb, false",
        "**, x, true",
        "a?, ab, false",
        "A, a, false"
    })
    void globs(String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void theEmptyNameMatchesOnlyStars() {
        assertThat(new Glob("*").matches("")).isTrue();
        assertThat(new Glob("").matches("")).isTrue();
        assertThat(new Glob("a").matches("")).isFalse();
    }

    @ParameterizedTest(name = "{0} after {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a/x    | a/    | x",
                "a/x    | b/    | ''",
                "a*     | a/    | *",
                "*      | a/    | *",
                "*/x    | a/    | */x x",
                "*b/x   | ab/   | *b/x x",
                "*b/x   | ac/   | *b/x",
                "*.b/x  | *.b/  | *.b/x x",
                "a-*/x  | *.b/  | */x x",
                "a.b/x  | *.b/  | x",
                "a.c/x  | *.b/  | ''",
                "a:1/x  | a:*/  | x",
                "a/b/x  | *.b/  | ''",
                "a/b/x  | */    | b/x",
            })
    void whatIsLeftToMatch(String pattern, String prefix, String rest) {
        assertThat(new Glob(pattern).after(prefix).stream().map(Glob::pattern).collect(Collectors.joining(" ")))
                .isEqualTo(rest);
    }

    @Test
    void aNameMatchesIfItsRestDoes() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            Glob pattern = new Glob(text(random, "ab/*"));
            String beginning = text(random, "ab/");
            String rest = text(random, "ab/");
            boolean matches = pattern.after(beginning).stream().anyMatch(glob -> glob.matches(rest));
            assertThat(matches)
                    .as(pattern.pattern() + " of " + beginning + " and " + rest)
                    .isEqualTo(pattern.matches(beginning + rest));
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(7); length > 0; length--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
