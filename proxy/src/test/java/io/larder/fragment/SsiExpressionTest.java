package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of {@code expr} (nginx ngx_http_ssi_module). */
class SsiExpressionTest {
    private static final Variables VARIABLES = Shown.variables(
            Map.of("A", "x", "QUERY_STRING{n}", "10", "DOCUMENT_URI", "/img/a.png", "HTTP_COOKIE{g}", "a b"));

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', textBlock = """
            $a                    # true
            ${a}                  # true
            $none                 # false
            $a = x                # true
            $a=x                  # true
            $a == x               # true
            $a = X                # false
            $a != x               # false
            $a != y               # true
            x = $a                # true
            ${a}1 = x1            # true
            $none =               # true
            $none != $a           # true
            $arg_n = 9            # false
            $arg_n = 10.0         # false
            $arg_n = ${arg_n}     # true
            $cookie_g = a b       # true
            $uri = /\\.png$/      # true
            $uri != /\\.png$/     # false
            $uri = /\\.(gif|jpg)/ # false
            $uri = /^\\/img\\//   # true
            $uri = \\/img/a.png   # true
            $none = /^$/          # true
            $a = /                # false
            """)
    void holds(String expression, boolean expected) {
        Condition condition =
                SsiExpression.parse(expression, TimeFormat.DEFAULT).orElseThrow();
        assertThat(condition.holds(VARIABLES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "=",
                "= x",
                "!= x",
                "$a x",
                "$a < x",
                "$a ! x",
                "$a = /x",
                "$a = /(/",
                "$a = /x/i",
                "!$a"
            })
    void isNoExpression(String expression) {
        assertThat(SsiExpression.parse(expression, TimeFormat.DEFAULT)).isEmpty();
    }
}
