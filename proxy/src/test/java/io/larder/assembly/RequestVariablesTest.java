package io.larder.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages may know of a request (ESI 1.0 §5). */
class RequestVariablesTest {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final Request REQUEST = Request.get(
            Target.of("https", "shop.example:8443", "/a%20b+c?q=x%26y&n=1"),
            Headers.of(
                    "Cookie", "name=Eve; lang=de",
                    "Accept-Language", "de-AT, en;q=0.5, fr;q=0",
                    "User-Agent", FIREFOX,
                    "Referer", "https://shop.example/"));

    private final RequestVariables variables =
            new RequestVariables(REQUEST, "192.0.2.1", Instant.parse("2026-11-30T12:00:00Z"), true, () -> "token");

    @ParameterizedTest
    @CsvSource({
        "HTTP_HOST,, shop.example:8443",
        "QUERY_STRING,, q=x%26y&n=1",
        "QUERY_STRING, q, x&y",
        "QUERY_STRING, z, ''",
        "HTTP_COOKIE, name, Eve",
        "HTTP_COOKIE, none, ''",
        "HTTP_ACCEPT_LANGUAGE, de, true",
        "HTTP_ACCEPT_LANGUAGE, de-AT, true",
        "HTTP_ACCEPT_LANGUAGE, de-CH, false",
        "HTTP_ACCEPT_LANGUAGE, en, true",
        "HTTP_ACCEPT_LANGUAGE, fr, false",
        "HTTP_REFERER,, https://shop.example/",
        "HTTP_USER_AGENT, browser, MOZILLA",
        "HTTP_USER_AGENT, os, UNIX",
        "HTTP_USER_AGENT, version, 5.0",
        "REQUEST_PATH,, /a%20b+c",
        "DOCUMENT_URI,, /a b+c",
        "REQUEST_URI,, /a%20b+c?q=x%26y&n=1",
        "REQUEST_SCHEME,, https",
        "REQUEST_METHOD,, GET",
        "REMOTE_ADDR,, 192.0.2.1",
        "DATE_GMT, %Y-%m-%d, 2026-11-30",
        "HTTP_AUTHORIZATION,, ''",
        "NOBODY_KNOWS, x, ''"
    })
    void values(String name, String key, String expected) {
        assertThat(variables.value(name, key)).isEqualTo(expected);
    }

    @Test
    void whatWasLookedAtIsRemembered() {
        variables.value("QUERY_STRING", "q");
        assertThat(variables.seen()).isEmpty();
        variables.value("HTTP_USER_AGENT", "os");
        assertThat(variables.seen()).isEqualTo(Set.of("User-Agent"));
        assertThat(variables.arePersonal()).isFalse();
        variables.value("HTTP_COOKIE", "name");
        assertThat(variables.arePersonal()).isTrue();
    }

    @Test
    void cookiesAreEmptyWhereTheRouteKeepsThemBack() {
        RequestVariables without = new RequestVariables(REQUEST, "192.0.2.1", Instant.EPOCH, false, () -> "token");
        assertThat(without.value("HTTP_COOKIE", "name") + without.value("HTTP_COOKIE", null))
                .isEmpty();
        assertThat(without.seen()).isEmpty();
    }
}
