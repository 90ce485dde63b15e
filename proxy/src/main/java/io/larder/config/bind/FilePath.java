package io.larder.config.bind;

import io.larder.config.source.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A path, relative to the file it is written in; made absolute. */
public record FilePath() implements Type<Path> {
    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Text text = binding.spend(node) ? binding.scalar(node, "a path") : null;
        if (text == null) {
            return null;
        }
        try {
            return Binding.directory(node).resolve(text.value()).normalize();
        } catch (InvalidPathException e) {
            binding.bad(node, "'" + text.written() + "' is not a path", null);
            return null;
        }
    }

    @Override
    public Object write(Path path) {
        return path.toString();
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return Schemas.of("type", "string", "minLength", 1);
    }
}
