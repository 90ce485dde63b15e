package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The path of a file with secrets: passwords, tokens, keys. That everybody can read it is odd, and said. Whatever names such a file has this
 * type, so that none is forgotten.
 *
 * @param file what the file must be besides
 */
record PrivateFile(Type<Path> file) implements Type<Path> {
    /** One that must hold a secret of at least so many octets, blanks around it not counted. */
    static PrivateFile secret(int least) {
        return new PrivateFile(GivenFile.secret(least));
    }

    /** One that must hold a key in PEM. */
    static PrivateFile key() {
        return new PrivateFile(PemFile.of(PemFile.Content.KEY));
    }

    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Path path = file.read(node, binding);
        if (path != null && isOpen(path)) {
            binding.odd(node, "everybody on this machine can read the secret in " + path, "chmod o= " + path);
        }
        return path;
    }

    private static boolean isOpen(Path path) {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // a file system that knows no such thing
        }
    }

    @Override
    public Object write(Path path) {
        return file.write(path);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return file.schema(definitions);
    }
}
