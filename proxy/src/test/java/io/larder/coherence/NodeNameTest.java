package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNameTest {
    @ParameterizedTest(name = "{1} among {0}: {2}")
    @CsvSource({
        "a/00000001 b/00000002, a/00000001, a",
        "a/00000001 a/00000001, a/00000001, a",
        "a/00000001 a/00000002 b/00000003, a/00000002, a/00000002",
        "a/00000001 a/00000002 b/00000003, b/00000003, b",
        "eu/a/00000001, eu/a/00000001, eu/a",
        "b, b, b",
    })
    void peopleSeeTheNameThatTheyGaveUnlessTheyGaveItTwice(String all, String node, String shown) {
        assertThat(NodeName.among(List.of(all.split(" "))).apply(node)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"a, 1, a/00000001", "web-1, -1, web-1/ffffffff"})
    void noTwoProcessesHaveTheSame(String given, int chance, String name) {
        assertThat(NodeName.of(given, chance)).isEqualTo(name);
        assertThat(NodeName.given(name)).isEqualTo(given);
    }
}
