package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldListTest {

    /** RFC 9110 §5.6.1 and §5.6.4. */
    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of(" , ,\t,", List.of()),
                Arguments.of("a", List.of("a")),
                Arguments.of(" a ,\tb\t, c", List.of("a", "b", "c")),
                Arguments.of("a b, c", List.of("a b", "c")),
                Arguments.of("\"a, b\", c", List.of("\"a, b\"", "c")),
                Arguments.of("x=\"a, b\";y, c", List.of("x=\"a, b\";y", "c")),
                Arguments.of("\"a\\\", b\", c", List.of("\"a\\\", b\"", "c")),
                Arguments.of("\"a, b", List.of("\"a", "b")), // no quoted string, so it hides nothing
                Arguments.of("\"a, b\", x=\"c, d, e", List.of("\"a, b\"", "x=\"c", "d", "e")),
                Arguments.of("a\\, b", List.of("a\\", "b")),
                Arguments.of("\"a\\", List.of("\"a\\")));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void members(String value, List<String> members) {
        assertThat(FieldList.members(value)).isEqualTo(members);
    }

    @Test
    void severalLinesAreOneList() {
        Headers headers = Headers.of("Vary", "", "vary", "a, b", "X", "no", "VARY", "c");
        assertThat(FieldList.of(headers, Fields.VARY)).containsExactly("a", "b", "c");
        assertThat(FieldList.of(headers, Fields.AGE)).isEmpty();
    }
}
