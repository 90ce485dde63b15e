package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the private-page guard makes of requests, fields and bodies. */
class GuardTest {
    private static final String HTML = "Content-Type: text/html; charset=utf-8";

    private static Optional<Storability.Refuse> verdict(Request request, String response, Bytes body) {
        return Guard.of(CacheRules.DEFAULTS, request, Given.headers(response)).verdict(body);
    }

    private static String reason(Request request, String response, String body) {
        return verdict(request, response, Bytes.utf8(body))
                .map(refuse -> refuse.reason().code() + (refuse.detail().isEmpty() ? "" : " " + refuse.detail()))
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // the value as it was sent, decoded, and as HTML and JSON spell it
                "sid=zombie-7f3a9c21|<p>zombie-7f3a9c21</p>|guard-cookie sid",
                "sid=\"zombie-7f3a9c21\"|<p>zombie-7f3a9c21</p>|guard-cookie sid",
                "name=J%C3%B6rg%20M.%20O'Neil|<p>Hello J\u00f6rg M. O'Neil</p>|guard-cookie name",
                "name=Tom%20%26%20Jerry%20Inc|<p>Tom &amp; Jerry Inc</p>|guard-cookie name",
                "name=O%27Neil-Smith|<p>O&#x27;Neil-Smith</p>|guard-cookie name",
                "name=O%27Neil-Smith|<p>O&#39;Neil-Smith</p>|guard-cookie name",
                "back=/my/basket/7|{\"back\":\"\\/my\\/basket\\/7\"}|guard-cookie back",
                "a=1; csrftoken=qK3vYp0ZsWc8; b=2|<script>t='qK3vYp0ZsWc8'</script>|guard-cookie csrftoken",
                "email=alice%40example.com|<p>alice@example.com</p>|guard-cookie email",
                // case counts
                "sid=zombie-7f3a9c21|<p>ZOMBIE-7F3A9C21</p>|``",
                // too short, or what everybody says
                "lang=en|<html lang=en>|``",
                "theme=dark|dark|``",
                "consent=accepted|<p>cookies are accepted here</p>|``",
                "seen=2026-11-23|<time>2026-11-23</time>|``",
                "tz=Europe/Berlin|<option>Europe/Berlin</option>|``",
                "tz=Europe%2FBerlin|<option>Europe/Berlin</option>|``",
                "accept=en-US,en;q=0.9|<p>en-US,en|``",
                "size=1920x1080|<p>1920x1080</p>|``",
                "v=1.12.2.34|<p>1.12.2.34</p>|``",
                "x=00000000|<p>00000000</p>|``",
                "x=aaaaaaaaaaaa|<p>aaaaaaaaaaaa</p>|``",
                // the page's own address
                "last=/p?q=1&shop.example|/p?q=1&shop.example|guard-cookie last",
                "last=shop.example|<a href=//shop.example/>|``",
                "last=shop.example/p|<p>shop.example/p</p>|``",
                // a session is looked for however common it looks
                "sessionid=accepted|<p>accepted</p>|guard-cookie sessionid",
                "PHPSESSID=11111111|<p>11111111</p>|guard-cookie PHPSESSID",
                // no cookie at all
                "-|<p>hello</p>|``",
                "; ;=;x|<p>hello</p>|``",
            })
    void cookies(String cookies, String body, String found) {
        Request request = cookies.equals("-") ? Given.get() : Given.get("Cookie", cookies);
        assertThat(reason(request, HTML, body)).isEqualTo(found);
    }

    @Test
    void theValueOfAFindIsNeverTold() {
        Optional<Storability.Refuse> why =
                verdict(Given.get("Cookie", "sid=zombie-7f3a9c21"), HTML, Bytes.utf8("zombie-7f3a9c21"));
        assertThat(why.toString()).contains("sid").doesNotContain("zombie");
    }

    @Test
    void severalCookieLines() {
        Request request = Given.get("Cookie", "a=1", "Cookie", "sid=zombie-7f3a9c21");
        assertThat(reason(request, HTML, "zombie-7f3a9c21")).isEqualTo("guard-cookie sid");
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer eyJhbGciOi.J9.c2ln, guard-credentials Authorization",
        "Basic YWxpY2U6c2VjcmV0, guard-credentials Authorization",
        "Bearer short, ''",
    })
    void credentials(String authorization, String found) {
        String token = authorization.substring(authorization.indexOf(' ') + 1);
        assertThat(reason(Given.get("Authorization", authorization), HTML, "<p>" + token + "</p>"))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, true, true",
        "TEXT/HTML;charset=utf-8, true, true",
        "application/xhtml+xml, true, true",
        "text/plain, true, false",
        "text/css, true, false",
        "text/javascript, true, false",
        "application/javascript, true, false",
        "application/json, true, false",
        "application/problem+json, true, false",
        "application/xml, true, false",
        "image/svg+xml, true, false",
        "image/png, false, false",
        "application/pdf, false, false",
        "application/octet-stream, false, false",
        "font/woff2, false, false",
    })
    void types(String type, boolean values, boolean tokens) {
        Request request = Given.get("Cookie", "sid=zombie-7f3a9c21");
        String fields = "Content-Type: " + type;
        assertThat(!reason(request, fields, "zombie-7f3a9c21").isEmpty()).isEqualTo(values);
        assertThat(reason(Given.get(), fields, "<input name=csrf_token value=x>"))
                .isEqualTo(tokens ? "guard-form csrf_token" : "");
    }

    @Test
    void whatHasNoTypeMayHoldWhatAVisitorSent() {
        assertThat(reason(Given.get("Cookie", "sid=zombie-7f3a9c21"), "X: y", "zombie-7f3a9c21"))
                .isEqualTo("guard-cookie sid");
        assertThat(reason(Given.get(), "X: y", "<input name=csrf_token value=x>"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"public, max-age=60", "s-maxage=60", "max-age=60, immutable"})
    void noFieldSwitchesItOff(String control) {
        String fields = HTML + " | Cache-Control: " + control;
        assertThat(reason(Given.get(), fields, "<input name=csrf_token value=x>"))
                .isNotEmpty();
    }

    @Test
    void theRouteDoes() {
        CacheRules off = CacheRules.DEFAULTS.withSharing(new CacheRules.Sharing(CacheRules.Guarding.OFF, null));
        assertThat(Guard.of(off, Given.get("Cookie", "sid=zombie-7f3a9c21"), Given.headers(HTML)))
                .isEqualTo(Guard.Trust.YES);
    }

    @Test
    void whereThereIsNothingToLookForNobodyWaits() {
        assertThat(Guard.of(CacheRules.DEFAULTS, Given.get(), Given.headers("Content-Type: text/css")))
                .isEqualTo(Guard.Trust.YES);
        assertThat(Guard.of(
                        CacheRules.DEFAULTS,
                        Given.get("Cookie", "lang=de; consent=accepted"),
                        Given.headers("Content-Type: application/json")))
                .isEqualTo(Guard.Trust.YES);
    }

    @Test
    void cookiesInTheKeyAreNoSecretAmongThoseWhoShareIt() {
        CacheRules keyed =
                CacheRules.DEFAULTS.withKey(new KeyRules(KeyRules.Query.WHOLE, List.of(), List.of("tenant")));
        Request request = Given.get("Cookie", "tenant=acme-corporation; sid=zombie-7f3a9c21");
        Guard guard = Guard.of(keyed, request, Given.headers(HTML));
        assertThat(guard.verdict(Bytes.utf8("acme-corporation"))).isEmpty();
        assertThat(guard.verdict(Bytes.utf8("zombie-7f3a9c21"))).isPresent();
    }

    @Test
    void sessionsThatTheRouteNamesAreLookedFor() {
        CacheRules rules = CacheRules.DEFAULTS.withCookies(
                new CacheRules.CookieRules(List.of(), List.of(new Glob("who")), CacheRules.SetCookie.REFUSE));
        Guard guard = Guard.of(rules, Given.get("Cookie", "who=accepted"), Given.headers(HTML));
        assertThat(guard.verdict(Bytes.utf8("accepted"))).isPresent();
    }

    private static Bytes deflated(String text, boolean bare) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(9, bare))) {
            deflater.write(Bytes.utf8(text).toArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Bytes.of(out.toByteArray());
    }

    @Test
    void encodedBodiesAreDecoded() {
        Request request = Given.get("Cookie", "sid=zombie-7f3a9c21");
        String page = "<p>" + "x".repeat(100_000) + "zombie-7f3a9c21</p>";
        Bytes gzip = ContentCoding.gzip(Bytes.utf8(page));
        assertThat(gzip.length()).isLessThan(1000);
        Bytes twice = Bytes.concat(List.of(ContentCoding.gzip(Bytes.utf8("first")), gzip)); // RFC 1952 2.2
        for (Bytes body : List.of(gzip, twice)) {
            assertThat(verdict(request, HTML + " | Content-Encoding: gzip", body))
                    .isPresent();
            assertThat(verdict(request, HTML + " | Content-Encoding: X-GZIP", body))
                    .isPresent();
        }
        for (boolean bare : List.of(true, false)) {
            assertThat(verdict(request, HTML + " | Content-Encoding: deflate", deflated(page, bare)))
                    .isPresent();
            assertThat(verdict(request, HTML + " | Content-Encoding: deflate", deflated("hello", bare)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: text/html | br",
                "Content-Type: text/html | zstd",
                "Content-Type: application/json | compress",
                "Content-Type: text/html | gzip, gzip",
                "Content-Type: text/html | dcb",
            })
    void whatCannotBeLookedIntoIsRefusedToThoseWhoAreKnown(String type, String coding) {
        Headers fields = Given.headers(type.trim() + " | Content-Encoding: " + coding.trim());
        for (Request known :
                List.of(Given.get("Cookie", "sessionid=4f6e8a0c2d"), Given.get("Authorization", "Bearer 4f6e8a0c2d"))) {
            assertThat(Guard.of(CacheRules.DEFAULTS, known, fields).verdict(Bytes.utf8("?")))
                    .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.GUARD_OPAQUE));
        }
        assertThat(Guard.of(CacheRules.DEFAULTS, Given.get("Cookie", "_ga=GA1.2.1234.5678"), fields))
                .as("what the fields say holds for everybody else")
                .isEqualTo(Guard.Trust.YES);
    }

    @Test
    void wideCharactersCannotBeLookedInto() {
        Headers wide = Given.headers("Content-Type: text/html; charset=\"UTF-16\"");
        assertThat(Guard.of(CacheRules.DEFAULTS, Given.get("Cookie", "sessionid=4f6e8a0c2d"), wide)
                        .verdict(Bytes.EMPTY))
                .isPresent();
    }

    @Test
    void aBombIsNotSwallowed() {
        Bytes bomb = ContentCoding.gzip(Bytes.of(new byte[8 << 20]));
        for (int layer = 0; layer < 4; layer++) {
            bomb = Bytes.concat(List.of(bomb, bomb));
        }
        String fields = HTML + " | Content-Encoding: gzip";
        assertThat(verdict(Given.get("Cookie", "sessionid=4f6e8a0c2d"), fields, bomb))
                .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.GUARD_OPAQUE));
        assertThat(verdict(Given.get(), fields, bomb)).isEmpty();
    }

    @Test
    void whatIsNoGzipIsNotLookedInto() {
        String fields = HTML + " | Content-Encoding: gzip";
        assertThat(reason(Given.get("Cookie", "sessionid=4f6e8a0c2d"), fields, "not gzip"))
                .isEqualTo("guard-opaque");
        assertThat(reason(Given.get(), fields, "not gzip")).isEmpty();
    }

    @Test
    void partsAreStoredOnlyWhereThereIsNothingToLookFor() {
        Request visitor = Given.get("Cookie", "sid=zombie-7f3a9c21");
        CacheRules rules = CacheRules.DEFAULTS;
        assertThat(Guard.permitsPart(rules, visitor, Given.headers("Content-Type: video/mp4")))
                .isTrue();
        assertThat(Guard.permitsPart(rules, visitor, Given.headers(HTML))).isFalse();
        assertThat(Guard.permitsPart(rules, visitor, Given.headers("X: y"))).isFalse();
        assertThat(Guard.permitsPart(rules, Given.get(), Given.headers("X: y"))).isTrue();
    }
}
