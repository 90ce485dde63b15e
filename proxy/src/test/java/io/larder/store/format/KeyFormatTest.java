package io.larder.store.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Authority;
import io.larder.policy.CacheKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that nodes tell each other of. */
class KeyFormatTest {
    private static final int ROUNDS = 100_000;

    private final Specimens specimens = new Specimens(11);
    private final Random random = new Random(20261130);

    @Test
    void everyKeySurvives() {
        for (int i = 0; i < 5_000; i++) {
            CacheKey key = specimens.key();
            assertThat(KeyFormat.decode(KeyFormat.encode(key))).contains(key);
        }
    }

    @Test
    void whatIsCutOrGoesOnIsNone() {
        byte[] whole = KeyFormat.encode(Specimens.key("https://a.example:8443/p?q=\u00e4"));
        for (int length = 0; length < whole.length; length++) {
            assertThat(KeyFormat.decode(Arrays.copyOf(whole, length)))
                    .as("cut to %d octets", length)
                    .isEmpty();
        }
        assertThat(KeyFormat.decode(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
        whole[0]++;
        assertThat(KeyFormat.decode(whole)).as("of a later version").isEmpty();
    }

    static Stream<CacheKey> impossible() {
        Authority a = new Authority("a", Authority.NO_PORT);
        return Stream.of(
                CacheKey.of("ftp", a, "/", null, ""),
                CacheKey.of("http", new Authority("a", 80), "/", null, ""),
                CacheKey.of("https", new Authority("a", 443), "/", null, ""),
                CacheKey.of("http", new Authority("a", 0), "/", null, ""),
                CacheKey.of("http", new Authority("a", 65_536), "/", null, ""),
                CacheKey.of("http", new Authority("A", Authority.NO_PORT), "/", null, ""),
                CacheKey.of("http", new Authority("a.", Authority.NO_PORT), "/", null, ""),
                CacheKey.of("http", new Authority("a:81", Authority.NO_PORT), "/", null, ""),
                CacheKey.of("http", new Authority("a b", Authority.NO_PORT), "/", null, ""),
                CacheKey.of("http", new Authority("", 81), "/", null, ""),
                CacheKey.of("http", a, "", null, ""),
                CacheKey.of("http", a, "p", null, ""),
                CacheKey.of("http", a, "/p?q", null, ""));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatNoRequestHasIsNone(CacheKey key) {
        assertThat(KeyFormat.decode(KeyFormat.encode(key))).isEmpty();
    }

    @Test
    void whateverOctetsThereAreItEndsWithAKeyThatCanBeWrittenOrWithNone() {
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = KeyFormat.encode(specimens.key());
            for (int n = random.nextInt(4); n > 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                octets = Arrays.copyOf(octets, random.nextInt(octets.length + 8));
            }
            CacheKey key = KeyFormat.decode(octets).orElse(null);
            if (key != null) {
                read++;
                assertThat(KeyFormat.encode(key)).isEqualTo(octets);
                assertThat(key.path()).startsWith("/");
            }
        }
        assertThat(read).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void noiseIsNone() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = new byte[random.nextInt(100)];
            random.nextBytes(octets);
            assertThat(KeyFormat.decode(octets)).isEmpty();
        }
        assertThat(KeyFormat.decode("http://a/p".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void whoseAKeyIsCanBeTold() {
        CacheKey key = Specimens.key("http://a/p");
        assertThat(key.isForAll()).isTrue();
        assertThat(key.partial().isForAll()).isFalse();
        assertThat(key.personal().isForAll()).isFalse();
        assertThat(key.personal().isPersonal()).isTrue();
        assertThat(key.isPersonal()).isFalse();
        assertThat(key.personal().impersonal()).isEqualTo(key);
        assertThat(key.impersonal()).isSameAs(key);
        CacheKey withExtras = CacheKey.of("http", key.authority(), "/p", null, "2:de,-,");
        assertThat(withExtras.isForAll()).isTrue();
        assertThat(withExtras.personal().impersonal()).isEqualTo(withExtras);
    }
}
