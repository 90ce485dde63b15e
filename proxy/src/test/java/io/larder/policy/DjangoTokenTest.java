package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Django itself may be missing where tests run: what it does is written down here once more, on its own. */
class DjangoTokenTest {
    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String SECRET = "0123456789abcdefghijABCDEFGHIJzZ";

    private final RandomGenerator random = new Random(62);

    /** The secret s of a token m·c, where c = s + m (mod 62) in each place. */
    private static String unmasked(String token) {
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            char mask = token.charAt(i);
            char sum = token.charAt(i + 32);
            // the alphabet, beginning at the mask
            String turned = CHARACTERS.substring(CHARACTERS.indexOf(mask)) + CHARACTERS;
            secret.append(CHARACTERS.charAt(turned.indexOf(sum) % 62));
        }
        return secret.toString();
    }

    /** As Django compares what a form sends with the cookie. */
    private static boolean accepts(String cookie, String token) {
        String secret = cookie.length() == 64 ? unmasked(cookie) : cookie;
        return secret.equals(token.length() == 64 ? unmasked(token) : token);
    }

    @Test
    void theReferenceKnowsWhatDjangoMade() {
        // made by Django 5.2.17: _mask_cipher_secret(SECRET)
        String token = "MWoOh3fHfj4FUw7UmBEpTxWhULQ4eWYGCNgHbYbEdi4GWzbZsIMyjYoKogmBMvnv";
        assertThat(unmasked(token)).isEqualTo(SECRET);
        assertThat(DjangoToken.plain(token)).isEqualTo(SECRET);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0123456789abcdefghijABCDEFGHIJzZ                                 | true
            0123456789abcdefghijABCDEFGHIJz                                  | false
            0123456789abcdefghijABCDEFGHIJzZ0                                | false
            0123456789abcdefghijABCDEFGHIJz-                                 | false
            0123456789abcdefghijABCDEFGHIJz_                                 | false
            0123456789abcdefghijABCDEFGHIJzé                                 | false
            0123456789abcdefghijABCDEFGHIJz٣                                 | false
            "123456789abcdefghijABCDEFGHIJz"                                 | false
            0123456789abcdefghijABCDEFGHIJzZ0123456789abcdefghijABCDEFGHIJzZ | true
            0123456789abcdefghijABCDEFGHIJzZ0123456789abcdefghijABCDEFGHIJz. | false
            ''                                                               | false
            """)
    void whatASecretIs(String cookie, boolean is) {
        assertThat(DjangoToken.isSecret(cookie)).isEqualTo(is);
    }

    @Test
    void whatDjangoAccepts() {
        for (int round = 0; round < 2_000; round++) {
            String secret = DjangoToken.freshSecret(random);
            String token = DjangoToken.masked(secret, random);
            assertThat(token).hasSize(64).matches(DjangoToken::isSecret);
            assertThat(accepts(secret, token)).isTrue();
            assertThat(DjangoToken.plain(token)).isEqualTo(secret);
            String older = token; // a cookie of Django before 4.1
            String again = DjangoToken.masked(older, random);
            assertThat(again).hasSize(64).isNotEqualTo(token);
            assertThat(accepts(older, again)).isTrue();
            assertThat(accepts(secret, again)).isTrue();
        }
    }

    @Test
    void noTwoTokensAreAlike() {
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < 2_000; round++) {
            String token = DjangoToken.masked(SECRET, random);
            assertThat(seen.add(token.substring(0, 32))).as("mask").isTrue();
            assertThat(seen.add(token.substring(32))).as("sum").isTrue();
        }
    }

    @Test
    void aStrangersTokenIsRefused() {
        String token = DjangoToken.masked(SECRET, random);
        assertThat(accepts(DjangoToken.freshSecret(random), token)).isFalse();
    }

    @Test
    void everyCharacterIsAsLikely() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int round = 0; round < 20_000; round++) {
            DjangoToken.freshSecret(random).chars().forEach(c -> counts.merge(c, 1, Integer::sum));
        }
        double expected = 20_000 * 32 / 62.0;
        double square = counts.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertThat(counts).hasSize(62);
        assertThat(square).as("chi-squared, 61 degrees of freedom, p = 0.001").isLessThan(100.9);
    }

    @Test
    void whatIsNoSecretIsAMistakeThatNobodyReads() {
        assertThatThrownBy(() -> DjangoToken.masked("hunter2", random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }
}
