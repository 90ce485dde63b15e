package io.larder.upstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;

/** Reads certificates and keys, and says plainly what is wrong with them. Blocks: never on a loop. */
final class TlsFiles {
    private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_ENDS = "-----END PRIVATE KEY-----";
    private static final byte[] SAMPLE = "signed and verified".getBytes(StandardCharsets.US_ASCII);

    private TlsFiles() {}

    static UpstreamTls.Authorities authorities(Path file) {
        String pem = text(file);
        certificates(file, pem);
        return new UpstreamTls.Authorities(pem);
    }

    static UpstreamTls.Identity identity(Path certificateFile, Path keyFile) {
        String chain = text(certificateFile);
        Certificate own = certificates(certificateFile, chain).iterator().next();
        String key = text(keyFile);
        if (!belongTogether(own.getPublicKey(), privateKey(keyFile, key, own.getPublicKey()))) {
            throw new IllegalArgumentException(
                    keyFile + ": is not the key of the first certificate in " + certificateFile);
        }
        return new UpstreamTls.Identity(chain, key);
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

    private static Collection<? extends Certificate> certificates(Path file, String pem) {
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new IllegalArgumentException(file + ": holds no PEM certificate");
        }
        InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + ": holds a damaged certificate: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file, String pem, PublicKey counterpart) {
        int begin = pem.indexOf(KEY_BEGINS);
        int end = pem.indexOf(KEY_ENDS);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(file + ": " + whyNoKey(pem));
        }
        try {
            byte[] octets = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGINS.length(), end));
            return KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ": holds a damaged key, or one of another kind than the certificate's "
                            + counterpart.getAlgorithm(),
                    e);
        }
    }

    private static String whyNoKey(String pem) {
        if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED")) {
            return "the key is encrypted; decrypt it with: openssl pkcs8 -topk8 -nocrypt";
        }
        return pem.contains(" PRIVATE KEY-----")
                ? "the key is not in PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt"
                : "holds no PEM private key";
    }

    private static boolean belongTogether(PublicKey open, PrivateKey secret) {
        String algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> open.getAlgorithm();
        };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(secret);
            signing.update(SAMPLE);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(open);
            verifying.update(SAMPLE);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
