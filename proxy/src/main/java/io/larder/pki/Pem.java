package io.larder.pki;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads certificates and keys out of texts in PEM (RFC 7468), and says plainly what is wrong with them. */
public final class Pem {
    private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_ENDS = "-----END PRIVATE KEY-----";
    private static final byte[] SAMPLE = "signed and verified".getBytes(StandardCharsets.US_ASCII);

    private Pem() {}

    /** The certificates in {@code pem}, at least one, in their order. */
    public static List<X509Certificate> certificates(String pem) throws Unusable {
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new Unusable("holds no PEM certificate");
        }
        InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) each);
            }
        } catch (CertificateException e) {
            throw new Unusable("holds a damaged certificate: " + e.getMessage(), e);
        }
        return certificates;
    }

    /**
     * The private key in {@code pem}, of the kind that {@code counterpart} is of.
     *
     * @throws Unusable as well where it is encrypted, or not in PKCS #8
     */
    public static PrivateKey key(String pem, PublicKey counterpart) throws Unusable {
        int begin = pem.indexOf(KEY_BEGINS);
        int end = pem.indexOf(KEY_ENDS);
        if (begin < 0 || end < begin) {
            throw new Unusable(whyNoKey(pem));
        }
        try {
            byte[] octets = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGINS.length(), end));
            return KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Unusable(
                    "holds a damaged key, or one of another kind than the certificate's " + counterpart.getAlgorithm(),
                    e);
        }
    }

    private static String whyNoKey(String pem) {
        if (isEncryptedKey(pem)) {
            return "the key is encrypted; decrypt it with: openssl pkcs8 -topk8 -nocrypt";
        }
        return pem.contains(" PRIVATE KEY-----")
                ? "the key is not in PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt"
                : "holds no PEM private key";
    }

    /** Whether {@code pem} holds a key that only a password opens. */
    public static boolean isEncryptedKey(String pem) {
        return pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED");
    }

    /** Whether what {@code secret} signs {@code open} verifies. */
    public static boolean belongTogether(PublicKey open, PrivateKey secret) {
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
