package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
    @ParameterizedTest
    @CsvSource({
        "'', b992b056e7d8a844",
        "'a', 33a633de2a6aab65",
        "'abcd', 59176b9aff34e930",
        "'/products/1', aefa22398571ee00",
        "'127.0.0.1:8000', db40c2979b81aac9",
        "'käse', 27dec2fe502f548c",
    })
    void isTheSameInEveryRelease(String text, String hash) {
        assertThat(Long.toHexString(KeyHash.of(text))).isEqualTo(hash);
    }

    @Test
    void whereAPartEndsCounts() {
        Set<Long> hashes = new HashSet<>();
        hashes.add(KeyHash.of("abcd", "ef"));
        hashes.add(KeyHash.of("abcdef"));
        hashes.add(KeyHash.of("ab", "cdef"));
        hashes.add(KeyHash.of("ef", "abcd"));
        hashes.add(KeyHash.of("abcdef", ""));
        hashes.add(KeyHash.of("", "abcdef"));
        hashes.add(KeyHash.of());
        hashes.add(KeyHash.of(""));
        hashes.add(KeyHash.of("\0"));
        hashes.add(KeyHash.of("\0\0\0\0"));
        assertThat(hashes).hasSize(10);
        assertThat(KeyHash.of(CharBuffer.wrap("abcdef"))).isEqualTo(KeyHash.of("abcdef"));
    }

    @Test
    void eachBitOfAKeyTurnsHalfOfTheHash() {
        for (int bit = 0; bit < 16 * 9; bit++) {
            int turned = 0;
            for (int sample = 0; sample < 200; sample++) {
                char[] key = "/p/%06d".formatted(sample * 7919).toCharArray();
                long before = KeyHash.of(new String(key));
                key[bit / 16] ^= (char) (1 << bit % 16);
                turned += Long.bitCount(before ^ KeyHash.of(new String(key)));
            }
            assertThat(turned / 200.0).as("bit %d", bit).isBetween(30.0, 34.0);
        }
    }

    @Test
    void similarKeysFillAllBucketsAlike() {
        for (int shift : new int[] {0, 20, 56}) { // the low bits, some in the middle, the high ones
            int[] buckets = new int[256];
            for (int i = 0; i < 256 * 400; i++) {
                buckets[(int) (KeyHash.of("/products/" + i) >>> shift) & 255]++;
            }
            double squares = 0;
            for (int count : buckets) {
                squares += (count - 400) * (count - 400) / 400.0;
            }
            assertThat(squares).as("chi-squared of 255, from bit %d", shift).isBetween(180.0, 340.0);
        }
    }

    @Test
    void mixingKeepsNumbersApart() {
        Set<Long> mixed = new HashSet<>();
        for (long i = -5000; i < 5000; i++) {
            mixed.add(KeyHash.mix(i));
        }
        assertThat(mixed).hasSize(10_000);
    }
}
