package io.larder.config.bind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A value that has a short form, a single value, beside its form as a map.
 *
 * @param full the class whose values are written as a map; all others have the short form
 */
public record Either<T, A extends T, B extends T>(Type<A> plain, Section<B> map, Class<B> full) implements Type<T> {
    @Override
    public @Nullable T read(Node node, Binding binding) {
        return node instanceof ScalarNode ? plain.read(node, binding) : map.read(node, binding);
    }

    @Override
    @SuppressWarnings("unchecked") // what is not full is plain
    public Object write(T value) {
        return full.isInstance(value) ? map.write(full.cast(value)) : plain.write((A) value);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(plain.schema(definitions), map.schema(definitions)));
        return schema;
    }
}
