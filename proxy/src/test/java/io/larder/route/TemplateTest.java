package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/new/{**}, /new/a/b",
        "/p/{id}/x, /p/7/x",
        "{id}{id}, 77",
        "/{gone}/x, //x",
        "/open{, /open{",
        "/close}, /close}",
        "plain, plain",
    })
    void fillsItsHoles(String template, String expected) {
        assertThat(Template.compile(template).fill(Map.of("id", "7", "**", "a/b")))
                .isEqualTo(expected);
    }
}
