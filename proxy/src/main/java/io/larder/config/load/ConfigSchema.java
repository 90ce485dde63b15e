package io.larder.config.load;

import io.larder.config.keys.LarderKeys;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON Schema of configuration files, made from the same descriptions that the loader reads with. */
public final class ConfigSchema {
    private ConfigSchema() {}

    /** The schema, draft 2020-12, for editors. An included file need not hold the keys that the whole must have. */
    public static String json() {
        Map<String, Object> definitions = new LinkedHashMap<>();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Larder");
        schema.putAll(LarderKeys.SECTION.definition(definitions));
        schema.put("type", "object");
        schema.remove("required");
        schema.put("$defs", definitions);
        return Problems.Json.pretty(schema) + "\n";
    }
}
