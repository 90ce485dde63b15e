package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeyTest {
    private static final KeyRules DECLARED = new KeyRules(
            KeyRules.Query.WHOLE, List.of(FieldName.of("X-A"), FieldName.of("X-B")), List.of("currency", "c2"));

    private static CacheKey plain(String scheme, String authority, String path) {
        return CacheKey.of(KeyRules.PLAIN, Request.get(Target.of(scheme, authority, path), Headers.EMPTY));
    }

    @ParameterizedTest(name = "{0} and {1}: one key {2}")
    @CsvSource(delimiter = '!', textBlock = """
            http://a.example/p            ! http://a.example/p            ! true
            http://a.example/p            ! http://A.EXAMPLE/p            ! true
            http://a.example/p            ! http://a.example:80/p         ! true
            https://a.example/p           ! https://a.example:443/p       ! true
            http://a.example/p            ! http://a.example:443/p        ! false
            http://a.example/p            ! http://a.example:8080/p       ! false
            http://a.example/p            ! https://a.example/p           ! false
            http://a.example/p            ! http://b.example/p            ! false
            http://a.example/p            ! http://a.example./p           ! true
            http://a.example/p            ! http://a.example/P            ! false
            http://a.example/p            ! http://a.example/p?           ! false
            http://a.example/p?           ! http://a.example/p?           ! true
            http://a.example/p?a=1        ! http://a.example/p?a=1        ! true
            http://a.example/p?a=1        ! http://a.example/p?a=2        ! false
            http://a.example/p?a=1&b=2    ! http://a.example/p?b=2&a=1    ! false
            http://a.example/%2f          ! http://a.example/%2F          ! false
            http://a.example/a%2Fb        ! http://a.example/a/b          ! false
            http://a.example/~a           ! http://a.example/%7Ea         ! false
            http://a.example//p           ! http://a.example/p            ! false
            http://a.example/p;v=1        ! http://a.example/p            ! false
            http://a.example/p/           ! http://a.example/p            ! false
            http://a.example/x/../p       ! http://a.example/p            ! false
            http://a.example/p+q          ! http://a.example/p%20q        ! false
            """)
    void whatAnOriginCanTellApartIsKeptApart(String one, String other, boolean same) {
        CacheKey a = key(one);
        CacheKey b = key(other);
        assertThat(a.equals(b)).isEqualTo(same);
        assertThat(a.compareTo(b) == 0).isEqualTo(same);
        if (same) {
            assertThat(a).hasSameHashCodeAs(b);
        }
    }

    private static CacheKey key(String uri) {
        int start = uri.indexOf("://") + 3;
        int slash = uri.indexOf('/', start);
        return plain(uri.substring(0, start - 3), uri.substring(start, slash), uri.substring(slash));
    }

    @Test
    void headSharesWhatGetStored() {
        Request get = Given.get();
        assertThat(CacheKey.of(KeyRules.PLAIN, get.withMethod("HEAD"))).isEqualTo(CacheKey.of(KeyRules.PLAIN, get));
    }

    @Test
    void thePartsCanBeHadBack() {
        CacheKey key = plain("https", "A.example:443", "/p?q=1");
        assertThat(key.scheme()).isEqualTo("https");
        assertThat(key.authority()).hasToString("a.example");
        assertThat(key.pathAndQuery()).isEqualTo("/p?q=1");
        assertThat(key.path()).isEqualTo("/p");
        assertThat(key.query()).isEqualTo("q=1");
        assertThat(key.hasExtras()).isFalse();
        assertThat(key.withScheme("http")).isEqualTo(plain("http", "a.example", "/p?q=1"));
        assertThat(key).hasToString("https://a.example/p?q=1");
    }

    @Test
    void onlyWholesForEveryoneAreForAllNodes() {
        CacheKey key = plain("http", "a.example", "/owner:p");
        assertThat(key.isForAll()).isTrue();
        assertThat(key.withQuery("partial").isForAll()).isTrue();
        assertThat(declared("X-A", "owner:x", "Cookie", "currency=partial").isForAll())
                .isTrue();
        assertThat(key.partial().isForAll()).isFalse();
        assertThat(key.personal().isForAll()).isFalse();
        assertThat(declared("X-A", "1").partial().isForAll()).isFalse();
    }

    @Test
    void theKeyOfATargetIsThatOfItsPlainGet() {
        Target target = Target.of("http", "a.example:80", "/p?utm_x=1");
        KeyRules.Query query = new KeyRules.Query(List.of(new Glob("utm_*")), List.of(), false);
        assertThat(CacheKey.of(query, target))
                .isEqualTo(CacheKey.of(new KeyRules(query, List.of(), List.of()), Request.get(target, Headers.EMPTY)))
                .isEqualTo(plain("http", "a.example", "/p"));
    }

    private static CacheKey declared(String... headers) {
        return CacheKey.of(DECLARED, Given.get(headers));
    }

    @Test
    void declaredFieldsAndCookiesTellKeysApart() {
        assertThat(declared("X-A", "1")).isEqualTo(declared("x-a", "1", "X-C", "2"));
        assertThat(declared("X-A", "1")).isNotEqualTo(declared("X-A", "2"));
        assertThat(declared("X-A", "1")).isNotEqualTo(declared("X-B", "1"));
        assertThat(declared("X-A", "")).isNotEqualTo(declared());
        assertThat(declared("Cookie", "currency=EUR; x=1")).isEqualTo(declared("Cookie", "x=2; currency=EUR"));
        assertThat(declared("Cookie", "currency=EUR")).isNotEqualTo(declared("Cookie", "currency=USD"));
        assertThat(declared("Cookie", "currency=")).isNotEqualTo(declared());
        assertThat(declared().hasExtras()).isTrue();
    }

    @Test
    void noTwoSetsOfPartsMakeOneKey() {
        String[] values = {"", "1", "12", "1:2", "1,", "-", "-,", ",-,", "1:1,", "0:,", "2:1,,", "\u00e9"};
        Map<CacheKey, List<String>> seen = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            List<String> parts = new ArrayList<>();
            for (String name : List.of("X-A", "X-B")) {
                if (random.nextBoolean()) {
                    parts.addAll(List.of(name, values[random.nextInt(values.length)]));
                }
            }
            if (random.nextBoolean()) {
                parts.addAll(List.of("Cookie", "currency=" + values[random.nextInt(values.length)]));
            }
            CacheKey key = declared(parts.toArray(String[]::new));
            assertThat(seen.computeIfAbsent(key, k -> parts)).isEqualTo(parts);
        }
        assertThat(seen).hasSizeGreaterThan(500);
    }

    /** Origins differ in which of two cookies with one name they take. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            currency=EUR; currency=USD    ! currency=EUR
            currency=EUR; currency=USD    ! currency=USD
            currency=EUR; currency=USD    ! currency=USD; currency=EUR
            currency=a; currency=b; c2=c  ! currency=a; c2=b; c2=c
            currency=1:a,1:b              ! currency=a; currency=b
            """)
    void everyCookieOfADeclaredNameCounts(String one, String other) {
        CacheKey first = CacheKey.of(DECLARED, Given.get("Cookie", one));
        assertThat(first).isNotEqualTo(CacheKey.of(DECLARED, Given.get("Cookie", other)));
        assertThat(first).isEqualTo(CacheKey.of(DECLARED, Given.get("Cookie", one)));
    }

    @Test
    void partitionsShareNothing() {
        CacheKey shared = CacheKey.of(DECLARED, Given.get());
        CacheKey own = CacheKey.of(DECLARED.within("beta"), Given.get());
        assertThat(own).isNotEqualTo(shared);
        assertThat(own).isEqualTo(CacheKey.of(DECLARED.within("beta"), Given.get()));
        assertThat(own.pathAndQuery()).isEqualTo(shared.pathAndQuery());
    }
}
