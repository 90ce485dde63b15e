package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheControlTest {

    @ParameterizedTest(name = "{0} -> max-age {1} ({2})")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            max-age=60                          | 60         | RFC 9111 5.2.2.1
            max-age=0                           | 0          | RFC 9111 5.2.2.1
            MaX-aGe=60                          | 60         | RFC 9111 5.2: names in any case
            max-age=0060                        | 60         | RFC 9111 1.2.2: 1*DIGIT
            max-age=2147483647                  | 2147483647 | RFC 9111 1.2.2
            max-age=2147483648                  | 2147483648 | RFC 9111 1.2.2
            max-age=2147483649                  | 2147483648 | RFC 9111 1.2.2: cut, not overflown
            max-age=99999999999                 | 2147483648 | RFC 9111 1.2.2
            max-age=99999999999999999999999999  | 2147483648 | RFC 9111 1.2.2
            max-age="60"                        | 60         | RFC 9111 5.2: both forms
            max-age=-1                          | 0          | RFC 9111 4.2.1: invalid is stale
            max-age='3600'                      | 0          | RFC 9111 4.2.1
            max-age=                            | 0          | RFC 9111 4.2.1
            max-age                             | 0          | RFC 9111 4.2.1
            max-age=3600.0                      | 0          | RFC 9111 4.2.1
            max-age=a3600                       | 0          | RFC 9111 4.2.1
            max-age=36 00                       | 0          | RFC 9111 4.2.1
            max-age=60, max-age=1               | 60         | RFC 9111 4.2.1: the first decides
            max-age=1, max-age=60               | 1          | RFC 9111 4.2.1
            foo, max-age=60                     | 60         | RFC 9111 5.2.3: unknown ones are ignored
            foo="bar, baz", max-age=60          | 60         | RFC 9110 5.6.4
            extension="max-age=3600"            | -1         | RFC 9110 5.6.4
            extension="a, max-age=3600, b"      | -1         | RFC 9110 5.6.4
            extension="a\\", max-age=3600, \\"b"| -1         | RFC 9110 5.6.4: quoted-pair
            max-age =60                         | -1         | RFC 9110 5.6.1: no white space around =
            max-age= 60                         | -1         | RFC 9110 5.6.1
            ,, max-age=60 ,                     | 60         | RFC 9110 5.6.1.2: empty members
            s-maxage=60                         | -1         | RFC 9111 5.2.2.10
            no-store                            | -1         | RFC 9111 5.2.2.5
            """)
    void secondsOfMaxAge(String value, long seconds, String section) {
        assertThat(CacheControl.parse(value).seconds("max-age")).as(section).isEqualTo(seconds);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            no-store                | no-store        | true
            nO-StOrE                | no-store        | true
            no-store=foo            | no-store        | true
            no-store =foo           | no-store        | true
            private="x, y"          | private         | true
            private= "x"            | private         | true
            no-cache="x"            | no-cache        | true
            a="no-store"            | no-store        | false
            no-stores               | no-store        | false
            x-no-store              | no-store        | false
            public;max-age=1        | public          | false
            """)
    void restrictionsAreSeenHoweverTheyAreWritten(String value, String directive, boolean there) {
        assertThat(CacheControl.parse(value).has(directive)).isEqualTo(there);
    }

    @Test
    void allLinesCount() {
        Headers headers = Headers.of("Cache-Control", "max-age=1", "X", "y", "cache-control", "s-maxage=2, no-cache");
        CacheControl control = CacheControl.of(headers);
        assertThat(control.seconds("max-age")).isEqualTo(1);
        assertThat(control.seconds("s-maxage")).isEqualTo(2);
        assertThat(control.has("no-cache")).isTrue();
        assertThat(control.isEmpty()).isFalse();
        assertThat(CacheControl.of(Headers.EMPTY).isEmpty()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            private="a"                        | private  | a    | RFC 9111 5.2.2.7
            private="a, b"                     | private  | a,b  | RFC 9111 5.2.2.7
            no-cache="a,b,"                    | no-cache | a,b  | RFC 9111 5.2.2.4
            no-cache="a", no-cache="b"         | no-cache | a,b  | what either names
            private=" a "                      | private  | a    | RFC 9110 5.6.1
            private, private="a"               | private  | ~~   | the wider one holds
            private="a", private               | private  | ~~   | the wider one holds
            private=a                          | private  | ~~   | RFC 9111 5.2.2.7: the list is quoted
            private=a, b                       | private  | ~~   | and would end at its comma
            private=""                         | private  | ~~   | nothing named
            private= "a"                       | private  | ~~   | not the grammar
            private ="a"                       | private  | ~~   | not the grammar
            private="a                         | private  | ~~   | not the grammar
            """)
    void fieldsThatADirectiveIsLimitedTo(String value, String directive, String names, String why) {
        CacheControl control = CacheControl.parse(value);
        assertThat(control.has(directive)).as(why).isTrue();
        assertThat(String.join(",", control.fieldNames(directive))).as(why).isEqualTo(names);
    }

    @Test
    void fieldNamesOfQualifiedDirectives() {
        CacheControl control = CacheControl.parse("private=\"Set-Cookie, X-A\", no-cache");
        assertThat(control.fieldNames("private")).containsExactly("Set-Cookie", "X-A");
        assertThat(control.fieldNames("no-cache")).isEmpty();
        assertThat(control.fieldNames("no-store")).isEmpty();
        assertThat(control.argument("no-cache")).isEmpty();
        assertThat(control.argument("no-store")).isNull();
    }
}
