package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which responses a cookie of the gateway's own is given, and what becomes of them. */
class OwnCookieTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Request GET = Request.get(Target.of("http", "a.example", "/"), Headers.EMPTY);

    private static Response response(int status, String... headers) {
        return Response.of(status, Headers.of(headers), Body.none());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cache-Control | max-age=60           | true",
                "Cache-Control | s-maxage=60          | true",
                "Cache-Control | public               | true",
                "Cache-Control | public, no-cache     | false",
                "Cache-Control | max-age=60, no-cache | false",
                "Cache-Control | private, max-age=60  | false",
                "Cache-Control | no-store             | false",
                "Cache-Control | max-age=0            | false",
                "Cache-Control | no-transform         | false",
                "CDN-Cache-Control | max-age=60       | true",
                "Surrogate-Control | max-age=60       | true",
                "X-Accel-Expires | 60                 | true",
                "X-Accel-Expires | 0                  | false",
                "Expires | Mon, 30 Nov 2026 12:01:00 GMT | true",
                "Expires | 0                          | false",
                "Last-Modified | Mon, 30 Nov 2020 12:01:00 GMT | false", // some cache may guess: it is not to have the
                // cookie
                "X-Other | 1                          | false",
            })
    void everybodysIsWhatSaysSo(String name, String value, boolean forAll) {
        assertThat(OwnCookie.isForAll(GET, response(200, name, value), NOW)).isEqualTo(forAll);
        assertThat(OwnCookie.isForAll(GET.withMethod("HEAD"), response(200, name, value), NOW))
                .isEqualTo(forAll);
        assertThat(OwnCookie.isForAll(GET.withMethod("POST"), response(200, name, value), NOW))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                      | private",
                "no-cache                | no-cache, private",
                "private                 | private",
                "no-store                | no-store, private",
                "max-age=0               | max-age=0, private",
                "public, max-age=60      | max-age=60, private",
                "Public, S-MaxAge=60, a  | a, private",
                "private=\"X-A, X-B\"    | private=\"X-A, X-B\", private",
            })
    void isForNobodyElse(String before, String after) {
        Response given = OwnCookie.given(
                before.isEmpty() ? response(200) : response(200, "Cache-Control", before), "a=b; Path=/");
        assertThat(given.headers().combined(Fields.CACHE_CONTROL)).isEqualTo(after);
        assertThat(given.added().all(Fields.SET_COOKIE)).containsExactly("a=b; Path=/");
    }

    @Test
    void whatSpeaksToSharedCachesIsGone() {
        Response given = OwnCookie.given(
                response(
                        200,
                        "CDN-Cache-Control",
                        "max-age=60",
                        "Cloudflare-CDN-Cache-Control",
                        "max-age=60",
                        "Surrogate-Control",
                        "max-age=60",
                        "X-Accel-Expires",
                        "60",
                        "Set-Cookie",
                        "sessionid=1",
                        "Vary",
                        "Cookie"),
                "a=b");
        assertThat(given.headers())
                .isEqualTo(Headers.of("Set-Cookie", "sessionid=1", "Vary", "Cookie", "Cache-Control", "private"));
        Response twice = OwnCookie.given(given, "c=d");
        assertThat(twice.added().all(FieldName.of("set-cookie"))).containsExactly("a=b", "c=d");
        assertThat(twice.headers()).isEqualTo(given.headers());
    }
}
