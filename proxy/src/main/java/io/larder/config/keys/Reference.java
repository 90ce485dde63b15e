package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Type;
import io.larder.config.source.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** The name of something that must be declared somewhere in the configuration. */
record Reference(String kind) implements Type<String> {
    @Override
    public @Nullable String read(Node node, Binding binding) {
        if (kind.equals("upstream") && node instanceof MappingNode) {
            binding.bad(node, "expected the name of an upstream, found a map", "a route's 'upstream' takes a split");
            return null;
        }
        Text text = binding.spend(node) ? binding.scalar(node, "the name of " + one()) : null;
        if (text == null) {
            return null;
        }
        binding.refer(kind, text.value(), node);
        return text.value();
    }

    @Override
    public Object write(String name) {
        return name;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return Schemas.of("type", "string");
    }

    private String one() {
        return (kind.startsWith("u") ? "an " : "a ") + kind;
    }
}
