package io.larder.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keys in JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2). */
final class PublicKeys {
    private static final int LEAST_RSA = 2048; // RFC 7518 §3.3
    private static final int MOST_RSA = 8192; // dearer ones take too long
    private static final int COORDINATE = 32;

    private PublicKeys() {}

    /** The key; null where it is none that we check signatures with. */
    static KeySet.@Nullable Key of(JsonNode jwk) {
        String use = Json.text(jwk, "use");
        if (use != null && !use.equals("sig")) {
            return null;
        }
        TokenAlgorithm algorithm = switch (String.valueOf(Json.text(jwk, "kty"))) {
            case "RSA" -> TokenAlgorithm.RS256;
            case "EC" -> TokenAlgorithm.ES256;
            case "OKP" -> TokenAlgorithm.EDDSA;
            default -> null;
        };
        String said = Json.text(jwk, "alg");
        if (algorithm == null || (said != null && !said.equals(algorithm.code()))) {
            return null;
        }
        try {
            PublicKey key = switch (algorithm) {
                case RS256 -> rsa(jwk);
                case ES256 -> p256(jwk);
                case EDDSA -> ed25519(jwk);
            };
            return key == null ? null : new KeySet.Key(Json.text(jwk, "kid"), algorithm, key);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable PublicKey rsa(JsonNode jwk) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        BigInteger exponent = number(jwk, "e");
        boolean sound = modulus.bitLength() >= LEAST_RSA
                && modulus.bitLength() <= MOST_RSA
                && exponent.testBit(0)
                && exponent.bitLength() > 1
                && exponent.bitLength() <= 64;
        return sound ? KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)) : null;
    }

    private static @Nullable PublicKey p256(JsonNode jwk) throws GeneralSecurityException {
        if (!"P-256".equals(Json.text(jwk, "crv"))) {
            return null;
        }
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec curve = named.getParameterSpec(ECParameterSpec.class);
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return isOn(curve.getCurve(), point)
                ? KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve))
                : null;
    }

    /** y² = x³ + ax + b; Java does not look. */
    private static boolean isOn(EllipticCurve curve, ECPoint point) {
        BigInteger prime = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        return x.compareTo(prime) < 0
                && y.compareTo(prime) < 0
                && y.pow(2).subtract(right).mod(prime).signum() == 0;
    }

    private static @Nullable PublicKey ed25519(JsonNode jwk) throws GeneralSecurityException {
        byte[] little = octets(jwk, "x");
        if (!"Ed25519".equals(Json.text(jwk, "crv")) || little.length != COORDINATE) {
            return null;
        }
        boolean odd = (little[COORDINATE - 1] & 0x80) != 0;
        little[COORDINATE - 1] &= 0x7f;
        byte[] big = new byte[COORDINATE];
        for (int i = 0; i < COORDINATE; i++) {
            big[i] = little[COORDINATE - 1 - i];
        }
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, big));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    private static BigInteger number(JsonNode jwk, String name) {
        return new BigInteger(1, octets(jwk, name));
    }

    private static byte[] octets(JsonNode jwk, String name) {
        String text = Json.text(jwk, name);
        return Base64.getUrlDecoder().decode(text == null ? "" : text);
    }
}
