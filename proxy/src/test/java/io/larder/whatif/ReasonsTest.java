package io.larder.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.policy.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of reasons: in the handbook, and in explanations. */
class ReasonsTest {
    private static final Path HANDBOOK = Path.of("../docs/reasons.md");

    private record Row(String code, String source, String meaning, String advice) {}

    private static List<Row> rows() throws IOException {
        try (Stream<String> lines = Files.lines(HANDBOOK)) {
            return lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(2, line.length() - 2).split(" \\| ", -1))
                    .map(cells -> new Row(cells[0].replace("`", ""), cells[1].replace("§", ""), cells[2], cells[3]))
                    .toList();
        }
    }

    @Test
    void theHandbookHasThemAllInOrderWithWhatTheyRestOnAndMean() throws IOException {
        List<Row> rows = rows();
        assertThat(rows.stream().map(row -> List.of(row.code(), row.source(), row.meaning())))
                .as("docs/reasons.md, a row for each Reason: code, source, Meaning")
                .containsExactlyElementsOf(Arrays.stream(Reason.values())
                        .map(reason -> List.of(reason.code(), reason.source(), Meaning.of(reason)))
                        .toList());
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.advice())
                        .as("what to do about " + row.code())
                        .endsWith(".")
                        .hasSizeGreaterThan(7));
    }

    @Test
    void keysThatDecideAreKeysOfTheConfiguration() throws IOException {
        JsonNode keys = new ObjectMapper()
                .readTree(Path.of("../config/schema/larder.schema.json").toFile())
                .path("$defs")
                .path("route-cache")
                .path("properties");
        Stream.concat(Decided.ROUTE_KEYS.values().stream(), Decided.LIFETIMES.values().stream())
                .forEach(key ->
                        assertThat(keys.has(key.split("\\.", 2)[0])).as(key).isTrue());
    }
}
