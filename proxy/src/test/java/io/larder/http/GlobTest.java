package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
