package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which stored response answers a request for another query. */
class AlikeTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final CacheRules RULES = CacheRules.DEFAULTS.withClientDirectives(true);

    private static Request request(String query, String... fields) {
        return Request.get(Target.of("http", "shop.example", "/p?" + query), Headers.of(fields));
    }

    private static Stored stored(Request request, String rule, int age) {
        Instant then = NOW.minusSeconds(age);
        Response response =
                Response.of(200, Headers.of("Cache-Control", "max-age=60", "No-Vary-Search", rule), Body.none());
        return switch (Storability.of(RULES, request, response, then, then)) {
            case Storability.Keep keep -> keep.with(Bytes.utf8("hello"));
            case Storability.Refuse refuse -> throw new AssertionError(refuse);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // what it says | its age | asked for | the client says | why it answers
                "params=(\"utm\")     | 10 | id=1         | max-age=600             | fresh",
                "params=(\"utm\")     | 10 | id=1         | only-if-cached          | fresh",
                "params=(\"utm\")     | 70 | id=1         | max-stale               | client-max-stale",
                "params=(\"utm\")     | 70 | id=1         | max-age=600             | -",
                "params=(\"utm\")     | 10 | id=1         | no-cache                | -",
                "params=(\"utm\")     | 10 | id=1         | no-cache, only-if-cached| -",
                "params=(\"utm\")     | 10 | id=2         | max-age=600             | -",
                "params, except=(id)  | 10 | id=1         | max-age=600             | -",
                "params, except=(\"id\") | 10 | id=1&x=y  | max-age=600             | fresh",
                "key-order            | 10 | utm=mail&id=1| max-age=600             | fresh",
                "params=()            | 10 | id=1         | max-age=600             | -"
            })
    void whatSaysSoAndIsFresh(String rule, int age, String asked, String demand, @Nullable String why) {
        Request first = request("id=1&utm=mail");
        Request then = request(asked, "Cache-Control", demand);
        CacheKey key = CacheKey.of(KeyRules.PLAIN, first);
        Variants there = Variants.of(stored(first, rule, age));
        assertThat(Alike.of(RULES, then, CacheKey.of(KeyRules.PLAIN, then), key, there, NOW)
                        .map(alike -> alike.key() + " " + alike.use().reason().code()))
                .isEqualTo(why == null ? Optional.empty() : Optional.of(key + " " + why));
    }
}
