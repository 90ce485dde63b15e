package io.larder.config.bind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A value of an optional key that may be left blank ({@code key:}), which is as if the key were not written. */
public record Blank<T>(Type<T> type) implements Type<T> {
    @Override
    public @Nullable T read(Node node, Binding binding) {
        return Binding.isNothing(node) ? null : type.read(node, binding);
    }

    @Override
    public Object write(T value) {
        return type.write(value);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(type.schema(definitions), Schemas.of("type", "null")));
        return schema;
    }
}
