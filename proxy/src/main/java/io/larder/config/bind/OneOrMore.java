package io.larder.config.bind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A list with something in it, or its only value. */
public record OneOrMore<T>(Scalar<T> item) implements Type<List<T>> {
    @Override
    public @Nullable List<T> read(Node node, Binding binding) {
        if (!(node instanceof ScalarNode)) {
            return ListOf.some(item).read(node, binding);
        }
        T value = item.read(node, binding);
        return value == null ? null : List.of(value);
    }

    @Override
    public Object write(List<T> values) {
        return values.size() == 1
                ? item.write(values.get(0))
                : ListOf.some(item).write(values);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(item.schema(definitions), ListOf.some(item).schema(definitions)));
        return schema;
    }
}
