package io.larder.admission;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Somebody who signs tokens, for tests. */
public final class Issuer {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String kid;
    private final String algorithm;
    private final KeyPair pair;

    private Issuer(String kid, String algorithm, KeyPair pair) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.pair = pair;
    }

    /**
     * One who signs so.
     *
     * @param algorithm RS256, ES256 or EdDSA
     */
    public static Issuer of(String kid, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(
                    switch (algorithm) {
                        case "RS256" -> "RSA";
                        case "ES256" -> "EC";
                        default -> "Ed25519";
                    });
            switch (algorithm) {
                case "RS256" -> generator.initialize(2048);
                case "ES256" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                default -> {}
            }
            return new Issuer(kid, algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key in JSON (RFC 7517). */
    public String jwk() {
        PublicKey key = pair.getPublic();
        String own = switch (key) {
            case RSAPublicKey rsa ->
                "\"kty\":\"RSA\",\"n\":\"" + number(rsa.getModulus(), 256) + "\",\"e\":\""
                        + number(rsa.getPublicExponent(), 3) + '"';
            case ECPublicKey ec ->
                "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + number(ec.getW().getAffineX(), 32) + "\",\"y\":\""
                        + number(ec.getW().getAffineY(), 32) + '"';
            case EdECPublicKey ed -> "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + edwards(ed) + '"';
            default -> throw new IllegalStateException("no key of ours");
        };
        return "{" + own + ",\"use\":\"sig\",\"kid\":\"" + kid + "\"}";
    }

    /** A set of one key. */
    public String jwks() {
        return "{\"keys\":[" + jwk() + "]}";
    }

    /** A token with these claims. */
    public String token(String claims) {
        return token("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}", claims);
    }

    /** A token with this header. */
    public String token(String header, String claims) {
        String content = base64(header) + "." + base64(claims);
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        case "RS256" -> "SHA256withRSA";
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        default -> "Ed25519";
                    });
            signature.initSign(pair.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String number(BigInteger value, int length) {
        byte[] big = value.toByteArray();
        byte[] octets = new byte[length];
        int extra = Math.max(0, big.length - length);
        System.arraycopy(big, extra, octets, length - (big.length - extra), big.length - extra);
        return BASE64.encodeToString(octets);
    }

    private static String edwards(EdECPublicKey key) {
        byte[] little = new byte[32];
        byte[] big = key.getPoint().getY().toByteArray();
        for (int i = 0; i < Math.min(32, big.length); i++) {
            little[i] = big[big.length - 1 - i];
        }
        little[31] |= (byte) (key.getPoint().isXOdd() ? 0x80 : 0);
        return BASE64.encodeToString(little);
    }
}
