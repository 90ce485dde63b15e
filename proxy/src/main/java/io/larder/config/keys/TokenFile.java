package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.FilePath;
import io.larder.config.bind.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The path of a file that must hold a secret. Only whether it does is looked at; the secret is not kept. */
record TokenFile(FilePath path) implements Type<Path> {
    private static final int MOST_BYTES = 4096;

    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Path file = path.read(node, binding);
        if (file != null) {
            binding.looksInto(file);
        }
        String fault = file == null ? null : FileContent.fault(file, MOST_BYTES + 1, TokenFile::fault);
        if (fault != null) {
            binding.bad(node, "the file " + file + " " + fault, null);
            return null;
        }
        return file;
    }

    @Override
    public Object write(Path file) {
        return path.write(file);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return path.schema(definitions);
    }

    private static @Nullable String fault(byte[] content) {
        boolean blank = new String(content, StandardCharsets.ISO_8859_1).isBlank();
        return blank ? "is empty" : content.length > MOST_BYTES ? "is too long for a secret" : null;
    }
}
