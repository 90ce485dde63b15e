package io.larder.policy;

import java.util.random.RandomGenerator;

/**
 * Django's token against request forgery ({@code django.middleware.csrf}): the cookie holds a secret of 32 letters and
 * digits, each page the secret under a mask that is new every time, so that no two pages show the same octets.
 *
 * <p>A masked secret is the mask, and behind it, character by character, the sum of secret and mask modulo 62. Since Django
 * 4.1 the cookie is the plain secret; before, it was a masked one, and all versions accept both.
 */
public final class DjangoToken {
    /** How many characters a secret has, and a mask. */
    static final int SECRET = 32;

    /** How many characters a masked secret has. */
    static final int MASKED = 2 * SECRET;

    static final String ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static final int SIZE = ALPHABET.length();
    private static final int FAIR = 256 - 256 % SIZE; // below it every character has as many octets as any other

    private DjangoToken() {}

    /** Whether {@code cookie} is what Django takes for a secret, plain or masked: 32 or 64 letters and digits. */
    public static boolean isSecret(String cookie) {
        return (cookie.length() == SECRET || cookie.length() == MASKED)
                && cookie.chars().allMatch(c -> index(c) >= 0);
    }

    /**
     * A token of 64 characters, under a new mask, which Django accepts from whoever has {@code cookie}.
     *
     * @param random nobody can foretell
     * @throws IllegalArgumentException when {@code cookie} {@linkplain #isSecret is no secret}
     */
    public static String masked(String cookie, RandomGenerator random) {
        String secret = plain(cookie);
        StringBuilder token = new StringBuilder(MASKED).append(freshSecret(random));
        for (int i = 0; i < SECRET; i++) {
            token.append(ALPHABET.charAt((index(secret.charAt(i)) + index(token.charAt(i))) % SIZE));
        }
        return token.toString();
    }

    /**
     * A secret for somebody who has none: 32 characters, each equally likely.
     *
     * @param random nobody can foretell
     */
    public static String freshSecret(RandomGenerator random) {
        StringBuilder secret = new StringBuilder(SECRET);
        byte[] octets = new byte[SECRET + SECRET / 4]; // one in 32 does not count
        while (secret.length() < SECRET) {
            random.nextBytes(octets);
            for (int i = 0; i < octets.length && secret.length() < SECRET; i++) {
                int octet = octets[i] & 0xff;
                if (octet < FAIR) {
                    secret.append(ALPHABET.charAt(octet % SIZE));
                }
            }
        }
        return secret.toString();
    }

    /** The secret without a mask; {@code cookie} may have one. */
    static String plain(String cookie) {
        if (!isSecret(cookie)) {
            throw new IllegalArgumentException("no secret"); // which it was is nobody's business
        }
        if (cookie.length() == SECRET) {
            return cookie;
        }
        StringBuilder secret = new StringBuilder(SECRET);
        for (int i = 0; i < SECRET; i++) {
            int difference = index(cookie.charAt(SECRET + i)) - index(cookie.charAt(i));
            secret.append(ALPHABET.charAt(Math.floorMod(difference, SIZE)));
        }
        return secret.toString();
    }

    /** Where {@code c} stands in the alphabet; negative where it does not. */
    static int index(int c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        if (c >= 'A' && c <= 'Z') {
            return 26 + c - 'A';
        }
        return c >= '0' && c <= '9' ? 52 + c - '0' : -1;
    }
}
