package io.larder.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the format itself: what is written wrongly, or goes otherwise than written, does not pass. */
class FormatTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name: a                                           | a.yaml: expected a list",
                "[{ name: a, rfc: b, stepz: [] }]                  | a.yaml, \"a\": nobody asks for anything",
                "[{ rfc: b }]                                      | a.yaml: 'name' is missing",
                "[{ name: a, rfc: b, x: y, steps: [STEP] }]        | a.yaml, \"a\": unknown [x]",
                "[{ name: a, steps: [STEP] }]                      | a.yaml, \"a\": 'rfc' is missing",
                "[{ name: a, rfc: b, steps: [{ clinet: GET / }] }] | a.yaml, \"a\", step 1: 'client' is missing",
                "[{ name: a, rfc: b, steps: [STEP, { client: GET /, expect: 200, body-size: 3 }] }] "
                        + "| a.yaml, \"a\", step 2: unknown [body-size]",
                "[{ name: a, rfc: b, steps: [{ client: GET /, expect: { stauts: 200 } }] }] "
                        + "| a.yaml, \"a\", step 1, expect: unknown [stauts]",
                "[{ name: a, rfc: b, steps: [{ client: GET /, expect: 200, origin: { reqest: GET / } }] }] "
                        + "| a.yaml, \"a\", step 1, origin: unknown [reqest]",
                "[{ name: a, rfc: b, steps: [{ client: GET /, expect: 200, origin: { fault: explode } }] }] "
                        + "| a.yaml, \"a\", step 1, origin: 'explode' is none of",
                "[{ name: a, rfc: b, steps: [{ after: soon }] }]   | a.yaml, \"a\", step 1: not a time: soon",
                "[{ name: a, rfc: b, steps: [{ client: GET / }] }] | a.yaml, \"a\", step 1: 'expect' is missing",
            })
    void refusesWhatIsWrittenWrongly(String text, String complaint) {
        assertThatThrownBy(() -> ScenarioFile.parse("a.yaml", text.replace("STEP", "{ client: GET /, expect: 200 }")))
                .isInstanceOf(BadScenario.class)
                .hasMessageStartingWith(complaint);
    }

    @Test
    void refusesAConfigurationThatIsNone() {
        Scenario scenario = one("cache: { tll: 5s }, steps: [{ client: GET /, expect: 200 }]");
        assertThatThrownBy(() -> Stage.check(scenario, directory))
                .isInstanceOf(BadScenario.class)
                .hasMessageContaining("tll")
                .hasMessageContaining("a.yaml, \"a\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ client: GET /, origin: { status: 404 }, expect: 200 } "
                        + "| a.yaml, \"a\", step 1 (GET /):\\n  status: expected \"200\", was \"404\"",
                "{ client: GET /, origin: { body: b }, expect: { body: a } } | body: expected \"a\", was \"b\"",
                "{ client: GET /, origin: { body: b }, expect: { age: 3 } }  | Age: expected 3, was absent",
                "{ client: GET /, origin: { request: GET /x }, expect: 200 } | request line at the origin: expected \"GET /x",
                "{ client: GET /, origin: { sees: { Via: absent } }, expect: 200 } | at the origin Via: expected \"absent\"",
                "{ client: GET /, origin: {}, expect: { headers: { Via: absent } } } | response field Via: expected \"absent\"",
                "{ client: GET /, origin: {}, expect: { cache: [hit] } }     | Cache-Status: expected hit, was larder; fwd",
                "{ client: GET /, origin: {}, expect: { cache: [\"!fwd-status=200\"] } } | expected !fwd-status=200",
                "{ client: GET /, expect: {} }                               | the origin was asked, which was not expected",
                "{ client: GET /, origin: {}, expect: { truncated: true } }  | the response came whole",
                "{ raw: \"nonsense\\n\\n\", expect: { status: 400 } }        | the connection ends",
            })
    void seesWhatGoesOtherwise(String step, String difference) throws IOException {
        Scenario scenario = one("steps: [" + step + "]");
        try (Stage stage = new Stage(List.of(scenario), directory);
                Performance performance = new Performance(scenario, stage)) {
            assertThatThrownBy(performance::play)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(difference.replace("\\n", "\n"));
        }
    }

    @Test
    void fillsInDates() {
        Words words = new Words(() -> Instant.parse("2026-03-01T12:00:00.250Z"), Map.of("host", "h"));
        assertThat(words.fill("{host} {now}")).isEqualTo("h Sun, 01 Mar 2026 12:00:00 GMT");
        assertThat(words.fill("{now-1s as millis}")).isEqualTo("1772366399250");
        assertThat(words.fill("{now+1d as rfc850}")).isEqualTo("Monday, 02-Mar-26 12:00:00 GMT");
        assertThat(words.fill("{now-1s as asctime}")).isEqualTo("Sun Mar  1 11:59:59 2026");
        assertThat(words.fill("{3 times a}{x}")).isEqualTo("aaa{x}");
    }

    private static Scenario one(String rest) {
        return ScenarioFile.parse("a.yaml", "[{ name: a, rfc: b, " + rest + " }]")
                .get(0);
    }
}
