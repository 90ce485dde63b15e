package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens that bind clients to servers: whose they are, for how long, and what nobody can do with them. */
class StickyTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration TTL = Duration.ofHours(1);
    private static final String ONE = "10.20.30.40:8000";
    private static final String OTHER = "10.20.30.41:8000";
    private static final StickyTokens TOKENS = tokens("key", "app", ONE, OTHER);

    private static byte[] key(String name) {
        return (name + " of thirty-two octets in all ......").getBytes(StandardCharsets.UTF_8);
    }

    private static StickyTokens tokens(String key, String upstream, String... servers) {
        return new StickyTokens(key(key), upstream, List.of(servers));
    }

    @Test
    void bindsToTheServerUntilItEnds() {
        String token = TOKENS.write(ONE, NOW.plus(TTL));
        assertThat(TOKENS.read(token, NOW)).contains(new StickyTokens.Bond(ONE, NOW.plus(TTL)));
        assertThat(TOKENS.read(token, NOW.plus(TTL).minusMillis(1))).isPresent();
        assertThat(TOKENS.read(token, NOW.plus(TTL))).isEmpty();
        assertThat(TOKENS.read(TOKENS.write(OTHER, NOW.plus(TTL)), NOW))
                .map(StickyTokens.Bond::server)
                .contains(OTHER);
    }

    @Test
    void anotherNodeWithTheKeyReadsIt() {
        String token = tokens("key", "app", ONE).write(ONE, NOW.plus(TTL));
        assertThat(tokens("key", "app", OTHER, ONE).read(token, NOW))
                .map(StickyTokens.Bond::server)
                .contains(ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "other, app, 10.20.30.40:8000", // another key
        "key, api, 10.20.30.40:8000", // another upstream with the same server
        "key, ap, 10.20.30.40:8000",
        "key, app, 10.20.30.41:8000", // the server has gone
    })
    void isWorthNothingElsewhere(String key, String upstream, String server) {
        String token = TOKENS.write(ONE, NOW.plus(TTL));
        assertThat(tokens(key, upstream, server).read(token, NOW)).isEmpty();
    }

    @Test
    void noCharacterOfItCanBeAnother() {
        String token = TOKENS.write(ONE, NOW.plus(TTL));
        for (int i = 0; i < token.length(); i++) {
            for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \u00e9".toCharArray()) {
                if (token.charAt(i) != c) {
                    String tampered = token.substring(0, i) + c + token.substring(i + 1);
                    assertThat(TOKENS.read(tampered, NOW)).as(tampered).isEmpty();
                }
            }
        }
    }

    /** The content of one with the code of another: neither a later end nor another server can be had. */
    @Test
    void halvesOfTwoMakeNoThird() {
        byte[] one = Base64.getUrlDecoder().decode(TOKENS.write(ONE, NOW.plus(TTL)));
        for (String other : List.of(TOKENS.write(OTHER, NOW.plus(TTL)), TOKENS.write(ONE, NOW.plusSeconds(9999)))) {
            byte[] spliced = Base64.getUrlDecoder().decode(other);
            System.arraycopy(one, 17, spliced, 17, 16);
            assertThat(TOKENS.read(Base64.getUrlEncoder().encodeToString(spliced), NOW))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "10.20.30.40:8000", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "é"})
    void garbageIsNone(String garbage) {
        assertThat(TOKENS.read(garbage, NOW)).isEmpty();
    }

    @Test
    void randomAndHugeOnesAreNone() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] octets = new byte[random.nextInt(64)];
            random.nextBytes(octets);
            assertThat(TOKENS.read(Base64.getUrlEncoder().encodeToString(octets), NOW))
                    .isEmpty();
        }
        assertThat(TOKENS.read("A".repeat(1 << 20), NOW)).isEmpty();
        assertThat(TOKENS.read(TOKENS.write(ONE, NOW.plus(TTL)).repeat(2), NOW)).isEmpty();
    }

    @Test
    void tellsNothingOfTheServer() {
        String token = TOKENS.write(ONE, NOW.plus(TTL));
        String octets = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1);
        assertThat(token + octets).doesNotContain("10.20", "8000", "\n\u0014\u001e(");
        assertThat(token).hasSize(44).matches("[A-Za-z0-9_-]+"); // a cookie's value as it is
        // with another key the same server is called otherwise
        assertThat(tokens("other", "app", ONE).write(ONE, NOW.plus(TTL)).substring(2, 12))
                .isNotEqualTo(token.substring(2, 12));
    }

    /** Deployed gateways of two versions read each other's tokens: this form is for good. */
    @Test
    void theFormIsForGood() {
        assertThat(TOKENS.write(ONE, NOW.plus(TTL))).isEqualTo("AWBlbck1hCXHAAAAAGsNc1BQKK3vvIzL9nMf6WefSMW9");
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new StickyTokens(new byte[15], "app", List.of()))
                .hasMessageContaining("15 octets");
    }

    @Test
    void isRenewedInItsSecondHalfAndForAnotherServer() {
        Stickiness sticky = new Stickiness("node", TTL, () -> TOKENS);
        StickyTokens.Bond bond = new StickyTokens.Bond(ONE, NOW.plus(TTL));
        assertThat(sticky.isGood(bond, ONE, NOW)).isTrue();
        assertThat(sticky.isGood(bond, ONE, NOW.plus(TTL.dividedBy(2)))).isTrue();
        assertThat(sticky.isGood(bond, ONE, NOW.plus(TTL.dividedBy(2)).plusSeconds(1)))
                .isFalse();
        assertThat(sticky.isGood(bond, OTHER, NOW)).isFalse();
    }

    @Test
    void theCookieBringsBackWhatWasSet() {
        Stickiness sticky = new Stickiness("node", TTL, () -> TOKENS);
        String set = sticky.set(ONE, NOW, true);
        assertThat(set).startsWith("node=").endsWith("; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax; Secure");
        assertThat(sticky.bond(set.substring(5, set.indexOf(';')), NOW)).isPresent();
        assertThat(sticky.bond(null, NOW)).isEmpty();
        assertThatThrownBy(() -> new Stickiness("node", Duration.ZERO, () -> TOKENS))
                .hasMessageContaining("PT0S");
    }
}
