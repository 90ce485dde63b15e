package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagTest {

    @ParameterizedTest(name = "{0} ~ {1}: strong {2}, weak {3}")
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            W/"1" | W/"1" | false | true
            W/"1" | W/"2" | false | false
            W/"1" | "1"   | false | true
            "1"   | "1"   | true  | true
            "1"   | "2"   | false | false
            "a"   | "A"   | false | false
            abc   | abc   | true  | true
            abc   | "abc" | false | false
            w/"1" | "1"   | false | false
            """)
    void comparison(String a, String b, boolean strong, boolean weak) { // RFC 9110 §8.8.3.2, its table
        assertThat(EntityTag.stronglyEqual(a, b)).isEqualTo(strong);
        assertThat(EntityTag.stronglyEqual(b, a)).isEqualTo(strong);
        assertThat(EntityTag.weaklyEqual(a, b)).isEqualTo(weak);
        assertThat(EntityTag.weaklyEqual(b, a)).isEqualTo(weak);
    }

    @ParameterizedTest(name = "{0} names {1}: {2}")
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            "a", "b", "c"    | "a"     | true
            "a", "b", "c"    | "b"     | true
            "a", "b", "c"    | "c"     | true
            "a","b","c"      | "c"     | true
            W/"a", W/"b"     | "b"     | true
            "a", "b"         | W/"b"   | true
            "a, b"           | "a"     | false
            "a, b", "c"      | "a, b"  | true
            "a\\", "b"       | "b"     | true
            "a\\", "b"       | "a\\"   | true
            "a"              | "ab"    | false
            a, b             | b       | true
            , ,              | ""      | false
            """)
    void lists(String list, String tag, boolean named) { // RFC 9110 §13.1.2
        assertThat(EntityTag.listMatches(list, tag)).isEqualTo(named);
    }
}
