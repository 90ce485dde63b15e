package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VariantsTest {
    private static Stored variant(String foo) {
        return Given.stored(
                CacheRules.DEFAULTS,
                Given.get("Foo", foo),
                Given.response(200, "Cache-Control: max-age=60 | Vary: Foo"));
    }

    @Test
    void severalLieSideBySide() { // RFC 9111 §4.1
        Stored one = variant("1");
        Stored two = variant("2");
        Variants both = Variants.of(one).with(two);
        assertThat(both.select(Given.headers("Foo: 1"))).isSameAs(one);
        assertThat(both.select(Given.headers("Foo: 2"))).isSameAs(two);
        assertThat(both.select(Given.headers("Foo: 3"))).isNull();
        assertThat(both.isEmpty()).isFalse();
    }

    @Test
    void aNewOneReplacesItsPredecessorOnly() {
        Stored again = variant("1");
        Variants all = Variants.of(variant("1")).with(variant("2")).with(again);
        assertThat(all.all()).hasSize(2);
        assertThat(all.select(Given.headers("Foo: 1"))).isSameAs(again);
    }

    @Test
    void ofSeveralThatMatchTheNewestIsServed() { // RFC 9111 §4.1
        Stored whole = Given.stored("Cache-Control: max-age=60");
        assertThat(Variants.of(variant("1")).with(whole).select(Given.headers("Foo: 1")))
                .isSameAs(whole);
        Stored one = variant("1");
        assertThat(Variants.of(whole).with(one).select(Given.headers("Foo: 1"))).isSameAs(one);
        assertThat(Variants.of(whole).with(one).select(Given.headers("Foo: 2"))).isSameAs(whole);
    }

    @Test
    void theOldestGoesWhereThereAreTooMany() {
        Variants many = Variants.NONE;
        for (int i = 0; i < Variants.LIMIT + 10; i++) {
            many = many.with(variant("v" + i));
        }
        assertThat(many.all()).hasSize(Variants.LIMIT);
        assertThat(many.select(Given.headers("Foo: v9"))).isNull();
        assertThat(many.select(Given.headers("Foo: v10"))).isNotNull();
    }

    @Test
    void theirWeightIsThatOfAll() {
        Stored one = variant("1");
        assertThat(Variants.of(one).with(variant("2")).weight())
                .isGreaterThanOrEqualTo(2 * one.weight())
                .isLessThan(2 * one.weight() + 200);
        assertThat(one.weight())
                .isGreaterThan(Given.BODY.length() + one.headers().wire().length);
    }
}
