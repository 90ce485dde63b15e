package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.config.source.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigSchemaTest {
    private static final Path SHIPPED = Path.of("../config/schema/larder.schema.json");

    @Test
    void theShippedSchemaIsTheOneTheLoaderReadsBy() {
        Golden.check(SHIPPED, ConfigSchema.json());
    }

    @Test
    void describesEveryKeyAndNoLaterOne() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(ConfigSchema.json());

        check(schema);
        schema.get("$defs").forEach(ConfigSchemaTest::check);
        assertThat(schema.at("/$defs/route-cache/properties/ttl/default").asText())
                .isEqualTo("from-response");
        assertThat(schema.at("/$defs/limits/properties/body/default").asText()).isEqualTo("100MiB");
        assertThat(schema.at("/$defs/upstream/oneOf/0/required/0").asText()).isEqualTo("servers");
        assertThat(schema.at("/$defs/server/required/0").asText()).isEqualTo("address");
        assertThat(schema.findValues("tracing")).isEmpty();
        assertThat(schema.findValues("request-buffering")).isEmpty();
    }

    /** A key of the configuration itself hides nothing, whatever it is called. */
    @Test
    void hasNoKeyThatExcerptsTakeForASecret() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(ConfigSchema.json());
        assertThat(schema.findValues("properties"))
                .isNotEmpty()
                .flatExtracting(section -> section.properties().stream()
                        .map(key -> key.getKey() + ": value")
                        .toList())
                .allSatisfy(line -> assertThat(Secrets.redacted(line)).isEqualTo(line));
    }

    private static void check(JsonNode section) {
        assertThat(section.get("additionalProperties").asBoolean(true)).isFalse();
        section.get("properties")
                .properties()
                .forEach(key -> assertThat(key.getValue().path("description").asText())
                        .as(key.getKey())
                        .isNotBlank());
    }
}
