package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is sent to https, and who is told of the time to come. */
class HttpsRuleTest {
    private static Request request(String scheme, String authority, String path) {
        return new Request("GET", Target.of(scheme, authority, path), Headers.EMPTY, Body.none());
    }

    /** RFC 9110 §4.2.2: the usual port of https, whichever the request came in on. */
    @ParameterizedTest
    @CsvSource({
        "true, http, shop.test, /a?b, https://shop.test/a?b",
        "true, http, shop.test:8080, /, https://shop.test/",
        "true, http, [::1]:8080, /, https://[::1]/",
        "true, http, '', /, ",
        "true, http, shop.test, *, ",
        "true, https, shop.test, /, ",
        "false, http, shop.test, /, ",
    })
    void redirects(boolean redirect, String scheme, String authority, String path, String to) {
        Target target = Target.of(scheme, authority, "/");
        Target asked =
                path.equals("*") ? new Target(scheme, target.authority(), "*", null) : target.withPathAndQuery(path);
        Request request = new Request("GET", asked, Headers.EMPTY, Body.none());
        Target sent = new HttpsRule(redirect, null).redirected(request, null);
        assertThat(sent == null ? null : sent.uri()).isEqualTo(to);
    }

    /** RFC 6797 §6.1.1, §7.2. */
    @Test
    void tellsOverTlsAlone() {
        HttpsRule year = new HttpsRule(true, Duration.ofDays(365));
        assertThat(year.told(request("https", "shop.test", "/"))).isEqualTo("max-age=31536000");
        assertThat(year.told(request("http", "shop.test", "/"))).isNull();
        assertThat(new HttpsRule(true, Duration.ZERO).told(request("https", "shop.test", "/")))
                .isEqualTo("max-age=0");
        assertThat(HttpsRule.NONE.told(request("https", "shop.test", "/"))).isNull();
    }
}
