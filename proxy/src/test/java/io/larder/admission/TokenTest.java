package io.larder.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens (RFC 7519), as RFC 8725 wants them checked. */
class TokenTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Map<String, Issuer> ISSUERS = Map.of(
            "RS256", Issuer.of("r", "RS256"),
            "ES256", Issuer.of("e", "ES256"),
            "EdDSA", Issuer.of("d", "EdDSA"));
    private static final KeySet KEYS = keys(ISSUERS.values().stream().toList());
    private static final TokenRules RULES = new TokenRules(
            EnumSet.allOf(TokenAlgorithm.class), "https://issuer.example/", List.of("shop"), Duration.ofSeconds(60));
    private static final String CLAIMS =
            "{\"iss\":\"https://issuer.example/\",\"aud\":\"shop\",\"exp\":1800000300,\"sub\":\"ann\"}";

    private static KeySet keys(List<Issuer> issuers) {
        List<String> all = issuers.stream().map(Issuer::jwk).toList();
        return KeySet.of(("{\"keys\":[" + String.join(",", all) + "]}").getBytes(StandardCharsets.UTF_8));
    }

    private static Issuer issuer(String algorithm) {
        return java.util.Objects.requireNonNull(ISSUERS.get(algorithm));
    }

    private static Token.Outcome judged(String token) {
        return Token.judge(token, KEYS, RULES, NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void isGoodUntilItEnds(String algorithm) {
        String token = issuer(algorithm).token(CLAIMS);
        assertThat(judged(token)).isEqualTo(new Token.Outcome.Good(Instant.ofEpochSecond(1_800_000_360)));
        for (int changed = 0; changed < token.length(); changed += 7) {
            char other = token.charAt(changed) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, changed) + other + token.substring(changed + 1);
            assertThat(judged(forged)).as(forged).isNotInstanceOf(Token.Outcome.Good.class);
        }
    }

    /** The example of RFC 8037, appendix A.4, whose payload is no JSON: its signature is right all the same. */
    @Test
    void theExampleOfRfc8037IsSignedRight() {
        KeySet keys = KeySet.of(("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}")
                .getBytes(StandardCharsets.UTF_8));
        String token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3A"
                + "IbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assertThat(Token.judge(token, keys, RULES, NOW)).isEqualTo(new Token.Outcome.Bad("the token is malformed"));
        assertThat(Token.judge(token.replace("hgyY", "hgyZ"), keys, RULES, NOW))
                .isEqualTo(new Token.Outcome.Bad("the token's signature is wrong"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            RFC 7519 4.1.4 | {"iss":"https://issuer.example/","aud":"shop","exp":1799999941}    | good
            RFC 7519 4.1.4 | {"iss":"https://issuer.example/","aud":"shop","exp":1799999940}    | ended
            RFC 7519 2     | {"iss":"https://issuer.example/","aud":"shop","exp":1800000300.5}  | good
            RFC 7519 2     | {"iss":"https://issuer.example/","aud":"shop","exp":"1800000300"}  | no end
            RFC 7519 2     | {"iss":"https://issuer.example/","aud":"shop","exp":1e300}         | no end
            RFC 7519 2     | {"iss":"https://issuer.example/","aud":"shop","exp":null}          | no end
            RFC 8725 3.10  | {"iss":"https://issuer.example/","aud":"shop"}                     | no end
            RFC 7519 4.1.5 | {"iss":"https://issuer.example/","aud":"shop","exp":1800000300,"nbf":1800000060} | good
            RFC 7519 4.1.5 | {"iss":"https://issuer.example/","aud":"shop","exp":1800000300,"nbf":1800000061} | not hold yet
            RFC 7519 4.1.5 | {"iss":"https://issuer.example/","aud":"shop","exp":1800000300,"nbf":"now"}      | not hold yet
            RFC 7519 4.1.1 | {"iss":"https://issuer.example","aud":"shop","exp":1800000300}     | another issuer
            RFC 7519 4.1.1 | {"aud":"shop","exp":1800000300}                                    | another issuer
            RFC 7519 4.1.1 | {"iss":["https://issuer.example/"],"aud":"shop","exp":1800000300}  | another issuer
            RFC 7519 4.1.3 | {"iss":"https://issuer.example/","aud":["api","shop"],"exp":1800000300} | good
            RFC 7519 4.1.3 | {"iss":"https://issuer.example/","aud":["api"],"exp":1800000300}   | another audience
            RFC 7519 4.1.3 | {"iss":"https://issuer.example/","aud":{"a":"shop"},"exp":1800000300} | another audience
            RFC 7519 4.1.3 | {"iss":"https://issuer.example/","exp":1800000300}                 | another audience
            RFC 7519 4     | {"iss":"https://issuer.example/","aud":"shop","exp":1,"exp":1800000300} | malformed
            RFC 7519 7.2   | ["iss"]                                                            | malformed
            RFC 7519 7.2   | {"exp":1800000300} {}                                              | malformed
            """)
    void whatItSaysCounts(String source, String claims, String outcome) {
        assertThat(told(judged(issuer("ES256").token(claims)))).as(source).contains(outcome);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            RFC 8725 3.1 | {"alg":"none","kid":"e"}                       | not expected
            RFC 8725 3.1 | {"alg":"HS256","kid":"e"}                      | not expected
            RFC 8725 3.1 | {"alg":"es256","kid":"e"}                      | not expected
            RFC 8725 3.1 | {"alg":["ES256"],"kid":"e"}                    | not expected
            RFC 8725 3.1 | {"kid":"e"}                                    | not expected
            RFC 7515 4.1.11 | {"alg":"ES256","kid":"e","crit":["exp"],"exp":1} | not understood
            RFC 7515 4.1.4 | {"alg":"ES256","kid":7}                      | not understood
            RFC 7515 4.1.4 | {"alg":"ES256","kid":"other"}                | unknown key
            RFC 7515 4.1.4 | {"alg":"ES256"}                              | good
            RFC 8725 3.1 | {"alg":"RS256","kid":"e"}                      | unknown key
            RFC 8725 3.1 | {"alg":"RS256"}                                | signature
            RFC 8725 3.1 | {"alg":"EdDSA","kid":"d"}                      | signature
            RFC 7515 4   | {"alg":"none","alg":"ES256","kid":"e"}         | malformed
            RFC 7515 4.1.9 | {"alg":"ES256","kid":"e","typ":"at+jwt"}     | good
            """)
    void howItIsSignedCounts(String source, String header, String outcome) {
        assertThat(told(judged(issuer("ES256").token(header, CLAIMS))))
                .as(source)
                .contains(outcome);
    }

    @Test
    void onlyWhatIsExpectedIsAccepted() {
        TokenRules rsa = new TokenRules(Set.of(TokenAlgorithm.RS256), null, List.of(), Duration.ZERO);
        String claims = "{\"exp\":1800000300}";
        assertThat(told(Token.judge(issuer("RS256").token(claims), KEYS, rsa, NOW)))
                .isEqualTo("good");
        assertThat(told(Token.judge(issuer("ES256").token(claims), KEYS, rsa, NOW)))
                .contains("not expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", "e30=.e30.e30", "\u00e4.\u00e4.\u00e4"})
    void whatIsNoTokenIsNone(String text) {
        assertThat(judged(text)).isInstanceOf(Token.Outcome.Bad.class);
    }

    @Test
    void aKeyMayGoAndAnotherCome() {
        Issuer next = Issuer.of("next", "ES256");
        KeySet after = keys(List.of(next));
        assertThat(Token.judge(next.token(CLAIMS), KEYS, RULES, NOW)).isInstanceOf(Token.Outcome.UnknownKey.class);
        assertThat(told(Token.judge(next.token(CLAIMS), after, RULES, NOW))).isEqualTo("good");
        assertThat(Token.judge(issuer("ES256").token(CLAIMS), after, RULES, NOW))
                .isInstanceOf(Token.Outcome.UnknownKey.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AQ\",\"y\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qY\"}]}",
                "{\"keys\":[7,null,\"x\"]}"
            })
    void keysThatCannotBeUsedAreLeftOut(String content) {
        assertThat(KeySet.fault(content.getBytes(StandardCharsets.UTF_8))).isNotBlank();
    }

    /** Whatever is changed of a token: it is judged, and not good unless it says the same. */
    @Test
    void noChangeMakesATokenGood() {
        Random random = new Random(1);
        String token = issuer("EdDSA").token(CLAIMS);
        for (int round = 0; round < 3_000; round++) {
            char[] changed = token.toCharArray();
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed[random.nextInt(changed.length)] = "ABab01-_.=".charAt(random.nextInt(10));
            }
            String other = String.valueOf(changed);
            if (!other.equals(token)) {
                assertThat(judged(other)).as(other).isNotInstanceOf(Token.Outcome.Good.class);
            }
        }
    }

    private static String told(Token.Outcome outcome) {
        return switch (outcome) {
            case Token.Outcome.Good good -> "good";
            case Token.Outcome.Bad(String why) -> why;
            case Token.Outcome.UnknownKey unknown -> "unknown key";
        };
    }
}
