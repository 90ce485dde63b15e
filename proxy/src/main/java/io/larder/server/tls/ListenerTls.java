package io.larder.server.tls;

import io.larder.http.Bytes;
import io.larder.pki.OcspResponse;
import io.larder.pki.Pem;
import io.larder.pki.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a listener needs to speak TLS. Holds the material itself, not where it was read, so that two are equal exactly if
 * they mean the same.
 *
 * @param identities who we are, at least one; the first for clients who ask for a name that no other bears
 * @param least the oldest version that is spoken
 * @param clientCa PEM; clients must show a certificate that one of these vouches for; null: they need show none
 * @param protocols what is offered by ALPN, most wanted first (RFC 7301): {@code h3} over QUIC, the others over TCP
 */
public record ListenerTls(
        List<Identity> identities, Version least, @Nullable String clientCa, List<String> protocols) {
    /** What is beside a certificate's file, and added to its name, where there is an OCSP response to staple. */
    public static final String STAPLE = ".ocsp";

    /** HTTP/3's name in ALPN (RFC 9114 §3.1). */
    public static final String HTTP_3 = "h3";

    public ListenerTls {
        identities = List.copyOf(identities);
        protocols = List.copyOf(protocols);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("TLS needs a certificate");
        }
    }

    /** A version of TLS. Those before are broken (RFC 8996). */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }

    /**
     * A certificate with its key.
     *
     * @param chain PEM, our own certificate first
     * @param key PEM, PKCS #8, not encrypted
     * @param staple what its authority says of it, in DER; null for nothing
     */
    public record Identity(
            String chain, String key, @Nullable Bytes staple) {
        /** Nothing of the key. */
        @Override
        public String toString() {
            return "Identity[" + chain.length() + " characters, and a key]";
        }
    }

    /**
     * Reads the files of a certificate, an OCSP response beside it included, and looks whether they are of use. Blocks.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static Identity identity(Path certificate, Path key) {
        String chain = text(certificate);
        PublicKey open = publicKey(certificate, chain);
        String secret = text(key);
        try {
            if (!Pem.belongTogether(open, Pem.key(secret, open))) {
                throw new IllegalArgumentException(key + ": is not the key of the first certificate in " + certificate);
            }
        } catch (Unusable e) {
            throw new IllegalArgumentException(key + ": " + e.message(), e);
        }
        return new Identity(chain, secret, staple(Path.of(certificate + STAPLE)));
    }

    /**
     * Reads a file of certificates whose holders vouch for clients. Blocks.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static String authorities(Path file) {
        String pem = text(file);
        publicKey(file, pem);
        return pem;
    }

    private static PublicKey publicKey(Path file, String pem) {
        try {
            return Pem.certificates(pem).get(0).getPublicKey();
        } catch (Unusable e) {
            throw new IllegalArgumentException(file + ": " + e.message(), e);
        }
    }

    private static @Nullable Bytes staple(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        byte[] der = octets(file);
        try {
            OcspResponse.parse(der);
        } catch (Unusable e) {
            throw new IllegalArgumentException(file + ": " + e.message(), e);
        }
        return Bytes.of(der);
    }

    private static String text(Path file) {
        return new String(
                octets(file), StandardCharsets.ISO_8859_1); // PEM is ASCII; what stands around it may be anything
    }

    private static byte[] octets(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
