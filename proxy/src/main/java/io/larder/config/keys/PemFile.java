package io.larder.config.keys;

import io.larder.config.bind.Binding;
import io.larder.config.bind.FilePath;
import io.larder.config.bind.Type;
import io.larder.pki.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The path of a file in PEM (RFC 7468), looked at so that what cannot be used is known before it is needed. */
record PemFile(FilePath path, Content content) implements Type<Path> {
    private static final int MOST_BYTES = 4 << 20;
    private static final String TO_PKCS8 = "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW makes one of other forms";

    /** What must be in the file. */
    enum Content {
        CERTIFICATES,
        KEY
    }

    static PemFile of(Content content) {
        return new PemFile(new FilePath(), content);
    }

    @Override
    public @Nullable Path read(Node node, Binding binding) {
        Path file = path.read(node, binding);
        if (file != null) {
            binding.looksInto(file);
        }
        String fault = file == null ? null : FileContent.fault(file, MOST_BYTES, this::fault);
        if (fault != null) {
            boolean form = content == Content.KEY && fault.startsWith("holds");
            binding.bad(node, "the file " + file + " " + fault, form ? TO_PKCS8 : null);
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

    private @Nullable String fault(byte[] bytes) {
        return switch (content) {
            case CERTIFICATES -> holdsCertificates(bytes) ? null : "holds no certificate in PEM";
            case KEY -> ofKey(new String(bytes, StandardCharsets.ISO_8859_1));
        };
    }

    private static boolean holdsCertificates(byte[] bytes) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static @Nullable String ofKey(String pem) {
        if (pem.contains("-----BEGIN PRIVATE KEY-----")) {
            return null;
        }
        return Pem.isEncryptedKey(pem)
                ? "holds an encrypted key, and nobody is there to type its password"
                : "holds no key in PEM and PKCS#8";
    }
}
