package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.Type;
import io.larder.pki.OcspResponse;
import io.larder.pki.Unusable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The path of a certificate's file, beside which there may be what its authority says of it (RFC 6960). */
record StapledCertificate(PemFile file) implements Type<Path> {
    private static final int MOST_BYTES = 1 << 20;

    StapledCertificate() {
        this(PemFile.of(PemFile.Content.CERTIFICATES));
    }

    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Path certificate = file.read(node, binding);
        if (certificate == null) {
            return null;
        }
        Path staple = staple(certificate);
        binding.looksInto(staple); // where it is not, it may come
        String fault = Files.exists(staple) ? FileContent.fault(staple, MOST_BYTES, StapledCertificate::fault) : null;
        if (fault != null) {
            binding.bad(node, "the file " + staple + " " + fault, "remove it, or have it fetched anew");
            return null;
        }
        return certificate;
    }

    /** Where what is said of {@code certificate} would be. */
    static Path staple(Path certificate) {
        return Path.of(certificate + ".ocsp");
    }

    private static @Nullable String fault(byte[] der) {
        try {
            OcspResponse.parse(der);
            return null;
        } catch (Unusable e) {
            return e.message();
        }
    }

    @Override
    public Object write(Path certificate) {
        return file.write(certificate);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return file.schema(definitions);
    }
}
