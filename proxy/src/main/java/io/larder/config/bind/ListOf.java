package io.larder.config.bind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A list of values of one type, with at least {@code least} of them. */
public record ListOf<T>(Type<T> item, int least) implements Type<List<T>> {
    /** A list that may be empty. */
    public static <T> ListOf<T> any(Type<T> item) {
        return new ListOf<>(item, 0);
    }

    /** A list that may not be empty. */
    public static <T> ListOf<T> some(Type<T> item) {
        return new ListOf<>(item, 1);
    }

    @Override
    public @Nullable List<T> read(Node node, Binding binding) {
        List<Node> nodes = binding.spend(node) ? binding.items(node) : null;
        if (nodes == null) {
            return null;
        }
        if (nodes.size() < least) {
            binding.bad(node, "the list is empty", null);
            return null;
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node child = nodes.get(i);
            T value = binding.below("[" + i + "]", () -> item.read(child, binding));
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() == nodes.size() ? values : null;
    }

    @Override
    public Object write(List<T> values) {
        return values.stream().map(item::write).toList();
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", item.schema(definitions));
        if (least > 0) {
            schema.put("minItems", least);
        }
        return schema;
    }
}
