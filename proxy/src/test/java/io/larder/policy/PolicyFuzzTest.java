package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldList;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever origins and clients write: the policy answers, and never shares what must not be shared. */
class PolicyFuzzTest {
    private static final int ROUNDS = 40_000;
    private static final int[] STATUSES = {200, 200, 200, 204, 206, 301, 302, 304, 404, 500, 503, 599};
    private static final String[] RESPONSE_NAMES = {
        "Cache-Control",
        "Cache-Control",
        "CDN-Cache-Control",
        "Surrogate-Control",
        "X-Accel-Expires",
        "Expires",
        "Date",
        "Age",
        "ETag",
        "Last-Modified",
        "Vary",
        "Set-Cookie",
        "Connection",
        "Pragma",
        "X"
    };
    private static final String[] REQUEST_NAMES = {
        "Cache-Control", "Authorization", "Cookie", "If-None-Match", "If-Modified-Since", "Foo", "Range", "Accept"
    };
    private static final String[] SHARDS = {
        "max-age=",
        "s-maxage=",
        "no-store",
        "private",
        "private=\"Set-Cookie\"",
        "no-cache=\"x, set-cookie\"",
        "no-cache",
        "must-revalidate",
        "must-understand",
        "public",
        "stale-while-revalidate=",
        "stale-if-error=",
        "max-stale",
        "min-fresh=",
        "only-if-cached",
        "\"",
        ",",
        ", ",
        "=",
        " ",
        "1",
        "60",
        "99999999999",
        "-",
        "*",
        "Foo",
        "foo, bar",
        "close",
        "sessionid=1",
        ";",
        "\"a\"",
        "W/\"a\"",
        Given.at(0),
        Given.at(60),
        Given.at(-60),
        "\u00e9"
    };
    private final Random random = new Random(9111);

    private Headers headers(String[] names, int max) {
        HeadersBuilder builder = Headers.builder();
        for (int n = random.nextInt(max); n > 0; n--) {
            StringBuilder value = new StringBuilder();
            for (int m = random.nextInt(5); m > 0; m--) {
                value.append(SHARDS[random.nextInt(SHARDS.length)]);
            }
            builder.add(names[random.nextInt(names.length)], value.toString().trim());
        }
        return builder.build();
    }

    private CacheRules rules() {
        CacheRules.Lifetimes lifetimes = new CacheRules.Lifetimes(
                random.nextInt(4) == 0 ? Duration.ofSeconds(30) : null,
                random.nextInt(4) == 0 ? Duration.ofSeconds(30) : null,
                random.nextBoolean(),
                Map.of(404, Duration.ofSeconds(5)),
                CacheRules.Lifetimes.FROM_RESPONSE.targeted(),
                random.nextInt(4) == 0 ? 0.1 : 0,
                Duration.ofDays(1));
        return CacheRules.DEFAULTS.withLifetimes(lifetimes).withClientDirectives(random.nextBoolean());
    }

    @Test
    void nothingUnsafeIsStoredAndNothingThrows() {
        int kept = 0;
        for (int i = 0; i < ROUNDS; i++) {
            CacheRules rules = rules();
            Request request = Given.get().withHeaders(headers(REQUEST_NAMES, 4));
            Response response = Given.response(STATUSES[random.nextInt(STATUSES.length)], "X: y")
                    .withHeaders(headers(RESPONSE_NAMES, 7));
            PostedAnswer.of(rules, request.withMethod("POST"), response, Given.NOW, Given.NOW)
                    .ifPresent(posted -> mayBeShared(rules, request, response));
            if (Given.storability(rules, request, response) instanceof Storability.Keep keep) {
                kept++;
                mayBeShared(rules, request, response);
                use(rules, request, keep.with(Given.BODY));
            }
            Lookup.of(rules, request);
            Invalidation.targets(request.withMethod("POST"), response);
        }
        assertThat(kept).isGreaterThan(ROUNDS / 20);
    }

    private static void mayBeShared(CacheRules rules, Request request, Response response) {
        Governing control = Governing.of(rules.lifetimes(), response.headers(), Given.NOW);
        assertThat(control.isPrivate()).isFalse();
        assertThat(control.has("no-store") && !control.has("must-understand")).isFalse();
        assertThat(response.headers().contains(Fields.SET_COOKIE))
                .isEqualTo(control.withheld().contains(Fields.SET_COOKIE)
                        && response.headers().contains(Fields.SET_COOKIE));
        assertThat(FieldList.of(response.headers(), Fields.VARY)).doesNotContain("*");
        assertThat(response.status()).isNotIn(206, 304);
        if (request.headers().contains(Fields.AUTHORIZATION)) {
            assertThat(control.has("public") || control.has("s-maxage") || control.has("must-revalidate"))
                    .isTrue();
        }
    }

    private void use(CacheRules rules, Request request, Stored stored) {
        assertThat(stored.headers().contains(Fields.CONNECTION)).isFalse();
        assertThat(stored.headers().contains(Fields.DATE)).isTrue();
        assertThat(stored.vary().matches(request.headers())).isTrue();
        assertThat(stored.head().use().keep()).isBetween(0L, Duration.ofDays(1).toMillis());
        Instant now = Given.NOW.plusMillis(random.nextInt(200_000));
        assertThat(stored.headers().contains(Fields.SET_COOKIE)).isFalse();
        assertThat(stored.headers().contains(Fields.SURROGATE_CONTROL)).isFalse();
        Governing said = Governing.of(rules.lifetimes(), stored.head().received(), Given.NOW);
        boolean strict = said.has("must-revalidate") || said.has("s-maxage") || said.isNoCache();
        switch (Reuse.of(rules, request, Variants.of(stored), now)) {
            case Reuse.Fresh fresh -> {
                assertThat(said.isNoCache()).isFalse();
                assertThat(stored.isFresh(now) || fresh.reason() == Reason.CLIENT_MAX_STALE)
                        .isTrue();
                assertThat(stored.isFresh(now) || !strict).isTrue();
            }
            case Reuse.StaleWhileRevalidating stale ->
                assertThat(stored.isFresh(now) || strict).isFalse();
            case Reuse.Validate validate -> revalidate(rules, request, stored, now);
            case Reuse.Unusable unusable -> assertThat(unusable.reason()).isEqualTo(Reason.TOO_OLD);
            case Reuse.Unsatisfiable unsatisfiable ->
                assertThat(rules.clientDirectives()).isTrue();
        }
        if (strict) {
            assertThat(Reuse.onTrouble(rules, stored, Reuse.Trouble.UNREACHABLE, now))
                    .isEmpty();
        }
        Preconditions.of(request, stored);
    }

    private void revalidate(CacheRules rules, Request request, Stored stored, Instant now) {
        Request sent = Revalidation.request(request, stored);
        assertThat(sent.headers().all(Fields.IF_NONE_MATCH))
                .isEqualTo(stored.headers().all(Fields.ETAG).stream().limit(1).toList());
        Response answer = Given.response(304, "X: y").withHeaders(headers(RESPONSE_NAMES, 4));
        switch (Revalidation.of(rules, sent, stored, answer, now, now)) {
            case Revalidation.Freshened freshened ->
                mayBeShared(
                        rules,
                        request,
                        Response.of(200, freshened.stored().head().received(), answer.body()));
            case Revalidation.ForThisOnly only ->
                assertThat(only.stored().body()).isSameAs(stored.body());
            case Revalidation.Mismatch mismatch ->
                assertThat(answer.headers().contains(Fields.ETAG)
                                || answer.headers().contains(Fields.LAST_MODIFIED))
                        .isTrue();
        }
    }
}
