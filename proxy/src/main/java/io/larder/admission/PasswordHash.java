package io.larder.admission;

import io.larder.http.Bytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), written as
 * {@code $pbkdf2-sha256$i=600000$salt$hash} in base64 without padding.
 *
 * @param iterations what makes guessing dear; a check costs as much
 */
public record PasswordHash(int iterations, Bytes salt, Bytes hash) {
    /** As dear as OWASP recommends for this function (2023): about 0.2 s on a core. */
    public static final int USUAL_ITERATIONS = 600_000;

    /** Octets of a salt that is made here. */
    public static final int SALT = 16;

    private static final int LEAST_ITERATIONS = 1_000;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int LEAST_SALT = 8;
    private static final int HASH = 32;
    private static final Pattern FORM =
            Pattern.compile("\\$pbkdf2-sha256\\$i=([1-9][0-9]{0,7})\\$([A-Za-z0-9+/]{1,88})\\$([A-Za-z0-9+/]{43})");

    /** The hash of {@code password}; takes its time, so never on a loop. */
    public static PasswordHash of(String password, byte[] salt, int iterations) {
        return new PasswordHash(iterations, Bytes.of(salt), Bytes.of(derived(password, salt, iterations)));
    }

    /** Reads one; null where it is none, or too cheap, or too dear to be checked. */
    static @Nullable PasswordHash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        int iterations = Integer.parseInt(form.group(1));
        try {
            byte[] salt = Base64.getDecoder().decode(form.group(2));
            byte[] hash = Base64.getDecoder().decode(form.group(3));
            boolean sound = iterations >= LEAST_ITERATIONS
                    && iterations <= MOST_ITERATIONS
                    && salt.length >= LEAST_SALT
                    && hash.length == HASH;
            return sound ? new PasswordHash(iterations, Bytes.of(salt), Bytes.of(hash)) : null;
        } catch (IllegalArgumentException e) {
            return null; // characters that no octets are written as
        }
    }

    /** Whether it is of {@code password}; takes its time, so never on a loop. */
    boolean isOf(String password) {
        return MessageDigest.isEqual(hash.toArray(), derived(password, salt.toArray(), iterations));
    }

    private static byte[] derived(String password, byte[] salt, int iterations) {
        PBEKeySpec how = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(how)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        } finally {
            how.clearPassword();
        }
    }

    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$pbkdf2-sha256$i=" + iterations + '$' + base64.encodeToString(salt.toArray()) + '$'
                + base64.encodeToString(hash.toArray());
    }
}
