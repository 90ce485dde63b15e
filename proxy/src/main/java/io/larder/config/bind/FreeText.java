package io.larder.config.bind;

import io.larder.config.source.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A text that is passed on as it is.
 *
 * @param noun what it is, for messages
 * @param oneLine whether control characters are refused, as they must be in fields (RFC 9110 §5.5)
 */
public record FreeText(String noun, boolean oneLine) implements Type<Text> {
    @Override
    public @Nullable Text read(Node node, Binding binding) {
        Text text = binding.spend(node) ? binding.scalar(node, noun) : null;
        if (text != null && oneLine && hasControl(text.value())) {
            binding.bad(node, "a line break or control character has no place in " + noun, null);
            return null;
        }
        return text;
    }

    /** As in the file: what came from the environment stays there. */
    @Override
    public Object write(Text value) {
        return value.written();
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return Schemas.of("type", List.of("string", "number", "boolean"));
    }

    /** Whether a control character, line breaks among them, is in the text. */
    public static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c == 127);
    }
}
