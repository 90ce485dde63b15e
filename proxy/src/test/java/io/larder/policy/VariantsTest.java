package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** {@code asked} and {@code received} in seconds from now by our clock, {@code said} by the origin's Date. */
    private static Stored timed(int asked, int received, int said) {
        Response response =
                Given.response(200, "Cache-Control: max-age=60 | Date: [" + (said < 0 ? "" : "+") + said + "]");
        Storability stored =
                Storability.of(CacheRules.DEFAULTS, Given.get(), response, Given.after(asked), Given.after(received));
        return stored instanceof Storability.Keep keep ? keep.with(Given.BODY) : Given.stored("never");
    }

    @ParameterizedTest(name = "stored {0}–{1} said {2}, then {3}–{4} said {5} -> replaced: {6} ({7})")
    @CsvSource({
        "0, 1, 1,   2, 3, 3,   true,  asked for later",
        "0, 1, 30,  2, 3, 3,   true,  a clock that is fast proves nothing where ours tells the order",
        "0, 9, 1,   2, 3, 3,   true,  at the same time and its date is later",
        "2, 3, 3,   0, 9, 1,   false, at the same time and its date is earlier",
        "0, 9, 3,   2, 3, 3,   false, the same date: the one that came last stays",
        "2, 3, 3,   0, 9, 3,   true,  the same date: the one that came last counts",
        "0, 1, 5,   1, 2, 4,   true,  asked for when it had come"
    })
    void theMostRecentOneStays( // RFC 9111 §4
            int asked, int received, int said, int asked2, int received2, int said2, boolean replaced, String why) {
        Stored first = timed(asked, received, said);
        Stored second = timed(asked2, received2, said2);
        assertThat(Variants.of(first).with(second).all()).as(why).containsExactly(replaced ? second : first);
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
                .isGreaterThan(Given.BODY.length() + one.headers().wire().wireLength());
    }
}
