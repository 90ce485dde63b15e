package io.larder.config.bind;

import java.util.LinkedHashMap;
import java.util.Map;

/** Pieces of JSON Schema, their keys in the order given so that the file made of them is always the same. */
public final class Schemas {
    private Schemas() {}

    /** A schema of one keyword. */
    public static Map<String, Object> of(String key, Object value) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(key, value);
        return schema;
    }

    /** A schema of two keywords. */
    public static Map<String, Object> of(String key, Object value, String key2, Object value2) {
        Map<String, Object> schema = of(key, value);
        schema.put(key2, value2);
        return schema;
    }

    /** A text that looks so, or that is to come from the environment. */
    public static Map<String, Object> pattern(String regex) {
        return of("type", "string", "pattern", "^(" + regex + ")$|\\$\\{");
    }
}
