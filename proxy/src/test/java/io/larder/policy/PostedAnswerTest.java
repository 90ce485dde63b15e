package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be stored of a POST to {@code http://shop.example/p?q=1}. */
class PostedAnswerTest {
    private static boolean stored(CacheRules rules, Request request, int status, String lines) {
        return PostedAnswer.of(rules, request, Given.response(status, lines), Given.NOW, Given.NOW)
                .isPresent();
    }

    private static Request post(String... headers) {
        return Given.get(headers).withMethod("POST").withBody(new Body.Whole(Given.BODY));
    }

    @ParameterizedTest(name = "{0} {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            200 ; Content-Location: /p?q=1 | Cache-Control: max-age=60                      ; true  ; RFC 9110 9.3.3
            200 ; Content-Location: http://shop.example/p?q=1 | Cache-Control: max-age=60   ; true  ; RFC 9110 8.7: absolute
            200 ; Content-Location: http://SHOP.example:80/p?q=1 | Cache-Control: max-age=60 ; true ; RFC 9110 4.2.3
            200 ; Content-Location: p?q=1 | Expires: [+60]                                  ; true  ; RFC 9110 8.7: relative
            200 ; Content-Location: ?q=1 | Cache-Control: s-maxage=60                       ; true  ; RFC 9110 8.7: relative
            201 ; Content-Location: /p?q=1 | Cache-Control: max-age=60                      ; true  ; RFC 9110 9.3.3
            200 ; Content-Location: /p?q=1 | CDN-Cache-Control: max-age=60                  ; true  ; RFC 9213 2.2
            200 ; Content-Location: /p | Cache-Control: max-age=60                          ; false ; RFC 9110 9.3.3: another URL
            200 ; Content-Location: /p?q=2 | Cache-Control: max-age=60                      ; false ; RFC 9110 9.3.3: another URL
            200 ; Content-Location: https://shop.example/p?q=1 | Cache-Control: max-age=60  ; false ; RFC 9110 9.3.3: another URL
            200 ; Content-Location: http://evil.example/p?q=1 | Cache-Control: max-age=60   ; false ; RFC 9110 9.3.3: another URL
            200 ; Content-Location: /p?q=1 | Content-Location: /x | Cache-Control: max-age=60 ; false ; RFC 9110 8.7: it is one
            200 ; Content-Location: // | Cache-Control: max-age=60                          ; false ; no reference
            200 ; Cache-Control: max-age=60                                                 ; false ; RFC 9110 9.3.3
            200 ; Content-Location: /p?q=1                                                  ; false ; RFC 9110 9.3.3: explicit freshness
            200 ; Content-Location: /p?q=1 | ETag: "a"                                      ; false ; RFC 9110 9.3.3: explicit freshness
            200 ; Content-Location: /p?q=1 | Cache-Control: max-age=0 | ETag: "a"           ; false ; of no use
            200 ; Content-Location: /p?q=1 | Cache-Control: no-store, max-age=60            ; false ; RFC 9111 3
            200 ; Content-Location: /p?q=1 | Cache-Control: private, max-age=60             ; false ; RFC 9111 3
            200 ; Content-Location: /p?q=1 | Cache-Control: max-age=60 | Vary: *            ; false ; RFC 9111 4.1
            200 ; Content-Location: /p?q=1 | Cache-Control: max-age=60 | Set-Cookie: a=b    ; false ; as for a GET
            303 ; Content-Location: /p?q=1 | Cache-Control: max-age=60                      ; false ; of a 2xx
            404 ; Content-Location: /p?q=1 | Cache-Control: max-age=60                      ; false ; of a 2xx
            206 ; Content-Location: /p?q=1 | Cache-Control: max-age=60                      ; false ; RFC 9111 3.3
            """)
    void byTheResponse(int status, String lines, boolean stored, String section) {
        assertThat(stored(CacheRules.DEFAULTS, post(), status, lines))
                .as(section)
                .isEqualTo(stored);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = ';', textBlock = """
            Cookie        ; theme=dark       ; true
            Cookie        ; sessionid=x      ; false
            Cookie        ; cart=1           ; false
            Authorization ; Basic eA==       ; false
            X-Preview     ; 1                ; false
            X-HTTP-Method-Override ; DELETE  ; false
            If-Match      ; "a"              ; false
            Upgrade       ; websocket        ; false
            Content-Type  ; text/plain       ; true
            """)
    void byTheRequest(String name, String value, boolean stored) {
        CacheRules rules = CacheRules.DEFAULTS.withBypass(
                new CacheRules.Bypass(List.of(Glob.of("cart")), List.of(FieldName.of("X-Preview"))));
        String answer = "Content-Location: /p?q=1 | Cache-Control: max-age=60, public";
        assertThat(stored(rules, post(name, value), 200, answer)).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource({"POST, true", "PUT, false", "PATCH, false", "DELETE, false", "GET, false", "post, false"})
    void onlyPost(String method, boolean stored) { // RFC 9110 §9.3.3, §9.3.4
        String answer = "Content-Location: /p?q=1 | Cache-Control: max-age=60";
        assertThat(stored(CacheRules.DEFAULTS, post().withMethod(method), 200, answer))
                .isEqualTo(stored);
    }

    @Test
    void aRoutesLifetimeIsNotTheAnswersOwn() {
        CacheRules.Lifetimes plain = CacheRules.DEFAULTS.lifetimes();
        CacheRules.Lifetimes fixed =
                new CacheRules.Lifetimes(plain.max(), null, false, plain.negative(), plain.targeted(), 0, plain.max());
        String answer = "Content-Location: /p?q=1";
        assertThat(stored(CacheRules.DEFAULTS.withLifetimes(fixed), post(), 200, answer))
                .isFalse();
    }

    @Test
    void whatIsStoredIsStoredForAGet() {
        PostedAnswer posted = PostedAnswer.of(
                        CacheRules.DEFAULTS,
                        post("Foo", "1"),
                        Given.response(200, "Content-Location: /p?q=1 | Cache-Control: max-age=60 | Vary: Foo"),
                        Given.NOW,
                        Given.NOW)
                .orElseThrow();
        assertThat(posted.get().method()).isEqualTo("GET");
        assertThat(posted.get().body().isEmpty()).isTrue();
        Stored stored = posted.keep().with(Given.BODY);
        assertThat(stored.vary().matches(Given.headers("Foo: 1"))).isTrue();
        assertThat(stored.isFresh(Given.after(59))).isTrue();
    }
}
