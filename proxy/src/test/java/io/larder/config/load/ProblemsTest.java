package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.config.source.Place;
import io.larder.config.source.Problem;
import io.larder.config.source.Problem.Severity;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static final Problem PLACED = new Problem(
            new Place("config/larder.yaml", 14, 7),
            Severity.ERROR,
            "unknown key 'upstrem' in sites.shop",
            "      upstrem: app",
            "did you mean 'upstream'?");
    private static final Problem WHOLE =
            new Problem(Place.of("x.yaml"), Severity.WARNING, "no \"such\" file", null, null);

    @Test
    void textShowsLineCaretAndSuggestion() {
        assertThat(Problems.text(List.of(PLACED, WHOLE))).isEqualTo("""
                config/larder.yaml:14:7: error: unknown key 'upstrem' in sites.shop
                          upstrem: app
                          ^
                  did you mean 'upstream'?
                x.yaml: warning: no "such" file
                """);
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(Problems.json(List.of(PLACED, WHOLE)));

        assertThat(rows.get(0).toString())
                .isEqualTo(
                        "{\"file\":\"config/larder.yaml\",\"line\":14,\"column\":7,\"severity\":\"error\","
                                + "\"message\":\"unknown key 'upstrem' in sites.shop\",\"suggestion\":\"did you mean 'upstream'?\"}");
        assertThat(rows.get(1).get("line").isNull()).isTrue();
        assertThat(rows.get(1).get("suggestion").isNull()).isTrue();
        assertThat(Problems.json(List.of()).replaceAll("\\s", "")).isEqualTo("[]");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        Problem problem = new Problem(new Place("f", 1, 2), Severity.ERROR, "m", "a\u001b[31m", null);

        assertThat(Problems.text(List.of(problem))).doesNotContain("\u001b");
    }
}
