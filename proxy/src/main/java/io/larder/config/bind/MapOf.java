package io.larder.config.bind;

import io.larder.config.bind.Binding.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A map whose keys the user chooses, such as header names. */
public record MapOf<K, V>(Scalar<K> key, Type<V> value) implements Type<Map<K, V>> {
    @Override
    public @Nullable Map<K, V> read(Node node, Binding binding) {
        int before = binding.report().errors();
        List<Entry> entries = binding.spend(node) ? binding.entries(node) : null;
        Map<K, V> values = new LinkedHashMap<>();
        for (Entry entry : entries == null ? List.<Entry>of() : entries) {
            K name = key.read(entry.key(), binding);
            V item = binding.below(entry.name(), () -> {
                binding.wrote(entry.key());
                return value.read(entry.value(), binding);
            });
            if (name != null && item != null) {
                values.put(name, item);
            }
        }
        return entries == null || binding.report().errors() > before ? null : values;
    }

    @Override
    public Object write(Map<K, V> values) {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((name, item) -> tree.put(String.valueOf(key.write(name)), value.write(item)));
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("object", "null"));
        if (key.schema().containsKey("pattern")) {
            schema.put(
                    "propertyNames",
                    Map.of("pattern", String.valueOf(key.schema().get("pattern"))));
        }
        schema.put("additionalProperties", value.schema(definitions));
        return schema;
    }
}
