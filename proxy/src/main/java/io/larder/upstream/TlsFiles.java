package io.larder.upstream;

import io.larder.pki.Pem;
import io.larder.pki.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;

/** Reads certificates and keys, and says plainly what is wrong with them. Blocks: never on a loop. */
final class TlsFiles {
    private TlsFiles() {}

    static UpstreamTls.Authorities authorities(Path file) {
        String pem = text(file);
        try {
            Pem.certificates(pem);
        } catch (Unusable e) {
            throw unusable(file, e);
        }
        return new UpstreamTls.Authorities(pem);
    }

    static UpstreamTls.Identity identity(Path certificateFile, Path keyFile) {
        String chain = text(certificateFile);
        PublicKey open = publicKey(certificateFile, chain);
        String key = text(keyFile);
        if (!Pem.belongTogether(open, privateKey(keyFile, key, open))) {
            throw new IllegalArgumentException(
                    keyFile + ": is not the key of the first certificate in " + certificateFile);
        }
        return new UpstreamTls.Identity(chain, key);
    }

    private static PublicKey publicKey(Path file, String chain) {
        try {
            return Pem.certificates(chain).get(0).getPublicKey();
        } catch (Unusable e) {
            throw unusable(file, e);
        }
    }

    private static PrivateKey privateKey(Path file, String pem, PublicKey counterpart) {
        try {
            return Pem.key(pem, counterpart);
        } catch (Unusable e) {
            throw unusable(file, e);
        }
    }

    private static IllegalArgumentException unusable(Path file, Unusable why) {
        return new IllegalArgumentException(file + ": " + why.message(), why);
    }

    private static String text(Path file) {
        try {
            return Files.readString(
                    file, StandardCharsets.ISO_8859_1); // PEM is ASCII; what stands around it may be anything
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
