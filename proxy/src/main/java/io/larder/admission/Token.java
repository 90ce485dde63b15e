package io.larder.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed token (a JWT in JWS compact form, RFC 7519, RFC 7515 §7.1), checked as RFC 8725 asks: the algorithm is one that is
 * expected and that the key is for, never {@code none} nor a shared secret's; nothing that must be understood is left out; and
 * it ends.
 */
public final class Token {
    private static final int LONGEST = 16 * 1024;

    /** What is made of one. */
    public sealed interface Outcome {
        /** It is good until then. */
        record Good(Instant until) implements Outcome {}

        /** It is not. */
        record Bad(String why) implements Outcome {}

        /** It is signed with a key that is not in the set, which may be out of date. */
        record UnknownKey() implements Outcome {}
    }

    private Token() {}

    /** Judges {@code text} at {@code now}. */
    public static Outcome judge(String text, KeySet keys, TokenRules rules, Instant now) {
        String[] parts = text.length() > LONGEST ? new String[0] : text.split("\\.", -1);
        if (parts.length != 3) {
            return new Outcome.Bad("the token does not have three parts");
        }
        JsonNode header = object(parts[0]);
        byte[] signature = octets(parts[2]);
        if (header == null || signature.length == 0) {
            return new Outcome.Bad("the token is malformed");
        }
        TokenAlgorithm algorithm = TokenAlgorithm.of(String.valueOf(Json.text(header, "alg")));
        if (algorithm == null || !rules.algorithms().contains(algorithm)) {
            return new Outcome.Bad("the token is signed in a way that is not expected");
        }
        if (header.has("crit") || (header.has("kid") && Json.text(header, "kid") == null)) {
            return new Outcome.Bad("the token's header is not understood");
        }
        List<KeySet.Key> candidates = keys.candidates(algorithm, Json.text(header, "kid"));
        if (candidates.isEmpty()) {
            return new Outcome.UnknownKey();
        }
        byte[] signed =
                text.substring(0, parts[0].length() + 1 + parts[1].length()).getBytes(StandardCharsets.US_ASCII);
        if (candidates.stream().noneMatch(key -> isSigned(signed, signature, key))) {
            return new Outcome.Bad("the token's signature is wrong");
        }
        JsonNode claims = object(parts[1]);
        return claims == null ? new Outcome.Bad("the token is malformed") : claims(claims, rules, now);
    }

    private static Outcome claims(JsonNode claims, TokenRules rules, Instant now) {
        Instant ends = moment(claims.get("exp"));
        if (ends == null) {
            return new Outcome.Bad("the token has no end (exp)");
        }
        Instant until = ends.plus(rules.skew());
        if (!now.isBefore(until)) {
            return new Outcome.Bad("the token has ended");
        }
        Instant begins = moment(claims.get("nbf"));
        if (claims.has("nbf") && (begins == null || now.isBefore(begins.minus(rules.skew())))) {
            return new Outcome.Bad("the token does not hold yet");
        }
        if (rules.issuer() != null && !rules.issuer().equals(Json.text(claims, "iss"))) {
            return new Outcome.Bad("the token is from another issuer");
        }
        return rules.audiences().isEmpty() || isFor(claims.path("aud"), rules.audiences())
                ? new Outcome.Good(until)
                : new Outcome.Bad("the token is for another audience");
    }

    /** RFC 7519 §4.1.3: one text, or several. */
    private static boolean isFor(JsonNode audience, List<String> ours) {
        if (audience.isTextual()) {
            return ours.contains(audience.textValue());
        }
        for (JsonNode each : audience) {
            if (audience.isArray() && each.isTextual() && ours.contains(each.textValue())) {
                return true;
            }
        }
        return false;
    }

    /** Seconds since 1970, perhaps with a fraction (RFC 7519 §2); null where it is no such number. */
    private static @Nullable Instant moment(@Nullable JsonNode seconds) {
        boolean known = seconds != null && seconds.isNumber() && Math.abs(seconds.doubleValue()) < 1e11;
        return known && seconds != null ? Instant.ofEpochSecond((long) Math.floor(seconds.doubleValue())) : null;
    }

    private static boolean isSigned(byte[] content, byte[] signature, KeySet.Key key) {
        try {
            Signature check = Signature.getInstance(key.algorithm().signature());
            check.initVerify(key.key());
            check.update(content);
            return check.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private static @Nullable JsonNode object(String part) {
        byte[] octets = octets(part);
        return octets.length == 0 ? null : Json.object(octets);
    }

    /** Base64url without padding (RFC 7515 §2); none where it is not, or not the one text for its octets (RFC 4648 §3.5). */
    private static byte[] octets(String part) {
        try {
            byte[] octets = Base64.getUrlDecoder().decode(part);
            boolean only = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(octets)
                    .equals(part);
            return only ? octets : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
