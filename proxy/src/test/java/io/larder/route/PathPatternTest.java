package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/**, /, true",
        "/**, /a/b/c, true",
        "/static/**, /static, true",
        "/static/**, /static/, true",
        "/static/**, /static/a/b.css, true",
        "/static/**, /statics/a, false",
        "/products/{id}, /products/7, true",
        "/products/{id}, /products/, false",
        "/products/{id}, /products/7/, false",
        "/products/{id}, /products/7/x, false",
        "/products/{id}/**, /products/7/x, true",
        "/*/edit, /a/edit, true",
        "/*/edit, //edit, false",
        "/, /, true",
        "/, /a, false",
        "/health, /health, true",
        "/health, /health/, false",
        "/café, /caf%C3%A9, true",
    })
    void matchesSegmentBySegment(String pattern, String path, boolean expected) {
        assertThat(PathPattern.compile(pattern).matches(path)).isEqualTo(expected);
    }

    /** Every one of these reaches the account pages behind some origin: a rule for them must not be side-stepped. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/account/x",
                "/%61ccount/x",
                "/account%2Fx",
                "//account/x",
                "/./account/x",
                "/a/../account/x",
                "/a/%2e%2e/account/x",
                "/account;v=1/x",
                "/account\\x",
                "/%2e/account/x",
                "/account/",
                "/account",
            })
    void aRuleHoldsForEverySpellingThatAnOriginMayDecode(String path) {
        assertThat(PathPattern.compile("/account/**").matches(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/accounts/x", "/account%252Fx", "/x/account", "/%zz/account", "/account%"})
    void otherPathsStayOther(String path) {
        assertThat(PathPattern.compile("/account/**").matches(path)).isFalse();
    }

    @Test
    void capturesKeepTheClientsOwnSpelling() {
        PathPattern pattern = PathPattern.compile("/api/{kind}/**");
        assertThat(pattern.captures("/api/a%20b/c%2Fd/e")).isEqualTo(Map.of("kind", "a%20b", "**", "c%2Fd/e"));
        assertThat(pattern.captures("/api//x/y")).isEqualTo(Map.of("kind", "x", "**", "y"));
        assertThat(pattern.captures("/%61pi/x/a%3Fb")).isEqualTo(Map.of("kind", "x", "**", "a%3Fb"));
        assertThat(pattern.captures("/other")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"static", "/a*", "/**/b", "/a**"})
    void refusesWhatItCouldNotKeep(String pattern) {
        assertThatThrownBy(() -> PathPattern.compile(pattern)).isInstanceOf(IllegalArgumentException.class);
    }
}
