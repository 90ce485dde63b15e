package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Authority;
import io.larder.policy.CacheKey;
import org.junit.jupiter.api.Test;

class KeyNamesTest {
    private static CacheKey key(String extras) {
        return CacheKey.of("http", new Authority("shop.test", 8080), "/p", "q=1", extras);
    }

    @Test
    void areOfTheWholeKey() {
        CacheKey one = key("2:Aa,");
        CacheKey other = key("2:BB,");
        assertThat(one.extras()).hasSameHashCodeAs(other.extras());
        assertThat(KeyNames.digest(one)).isNotEqualTo(KeyNames.digest(other));
    }

    /** Other nodes, and what is stored already, go by the same names. */
    @Test
    void stayAsTheyAre() {
        assertThat(KeyNames.digest(key(""))).isEqualTo("0d4047babdb5dfe06017e693e5c971bf");
        assertThat(KeyNames.digest(key("2:Aa,"))).isEqualTo("40f37302f985cb6f87d6326c382d5727");
    }
}
