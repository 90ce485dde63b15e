package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.FilePath;
import io.larder.config.bind.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The path of a file that somebody else reads. Only whether it can be used is looked at; nothing of it is kept.
 *
 * @param most how many of its first octets {@code look} is given
 * @param look what is wrong with them, or null
 * @param watched whether the configuration is read again when it changes
 */
record GivenFile(FilePath path, int most, boolean watched, Function<byte[], @Nullable String> look)
        implements Type<Path> {
    private static final int LONGEST_SECRET = 4096;

    /** One that must hold a secret of at least so many octets, blanks around it not counted. */
    static GivenFile secret(int least) {
        return new GivenFile(new FilePath(), LONGEST_SECRET + 1, true, content -> ofSecret(content, least));
    }

    /** One that must be there, whatever is in it: that may change, and who reads it sees that itself. */
    static GivenFile any() {
        return new GivenFile(new FilePath(), 1, false, content -> null);
    }

    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Path file = path.read(node, binding);
        if (file != null && watched) {
            binding.looksInto(file);
        }
        String fault = file == null ? null : FileContent.fault(file, most, look);
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

    private static @Nullable String ofSecret(byte[] content, int least) {
        int length = new String(content, StandardCharsets.ISO_8859_1).strip().length();
        if (length == 0) {
            return "is empty";
        }
        if (content.length > LONGEST_SECRET) {
            return "is too long for a secret";
        }
        return length < least ? "is too short for a secret: it must hold " + least + " octets at least" : null;
    }
}
