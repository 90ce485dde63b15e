package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorabilityTest {
    private static String outcome(CacheRules rules, Request request, Response response) {
        return switch (Given.storability(rules, request, response)) {
            case Storability.Keep keep -> "STORED";
            case Storability.Refuse refuse -> refuse.reason().name();
        };
    }

    @ParameterizedTest(name = "{0} {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            200 ; Cache-Control: max-age=60                            ; STORED         ; RFC 9111 3
            200 ; Expires: [+60]                                       ; STORED         ; RFC 9111 3
            200 ; Cache-Control: s-maxage=60                           ; STORED         ; RFC 9111 3
            200 ; X: y                                                 ; NO_FRESHNESS   ; RFC 9111 4.2.2
            200 ; Cache-Control: public                                ; NO_FRESHNESS   ; RFC 9111 4.2.2
            200 ; Cache-Control: max-age=0                             ; NO_FRESHNESS   ; of no use to anyone
            200 ; ETag: "a"                                            ; STORED         ; RFC 9111 4.3: for validation
            200 ; Last-Modified: [-60]                                 ; STORED         ; RFC 9111 4.3
            200 ; Cache-Control: max-age=0 | ETag: "a"                 ; STORED         ; RFC 9111 4.3
            200 ; Cache-Control: max-age=0, stale-while-revalidate=9   ; STORED         ; RFC 5861 3
            200 ; Cache-Control: max-age=0, stale-if-error=9           ; STORED         ; RFC 5861 4
            200 ; Cache-Control: no-store                              ; NO_STORE       ; RFC 9111 5.2.2.5
            200 ; Cache-Control: nO-StOrE, max-age=60                  ; NO_STORE       ; RFC 9111 5.2
            200 ; Cache-Control: max-age=60 | Cache-Control: no-store  ; NO_STORE       ; RFC 9110 5.3
            200 ; Cache-Control: private, max-age=60                   ; PRIVATE        ; RFC 9111 5.2.2.7
            200 ; Cache-Control: private="x", max-age=60               ; STORED         ; RFC 9111 5.2.2.7: the rest
            200 ; Cache-Control: private="", max-age=60                ; PRIVATE        ; RFC 9111 5.2.2.7: no field named
            200 ; Cache-Control: private="x y", max-age=60             ; PRIVATE        ; no field name
            200 ; Cache-Control: private="*", max-age=60               ; PRIVATE        ; no field name
            200 ; Cache-Control: private=x, max-age=60                 ; PRIVATE        ; RFC 9111 5.2.2.7: not quoted
            200 ; Cache-Control: private="Content-Type", max-age=60    ; PRIVATE        ; the rest would be another response
            200 ; Cache-Control: private="x, VARY", max-age=60         ; PRIVATE        ; the rest would be another response
            200 ; Cache-Control: private="x", private, max-age=60      ; PRIVATE        ; RFC 9111 5.2.2.7: the wider one
            200 ; Cache-Control: private="set-cookie", max-age=60 | Set-Cookie: a=b ; STORED ; RFC 9111 5.2.2.7
            200 ; Cache-Control: no-cache="set-cookie", max-age=60 | Set-Cookie: a=b ; STORED ; RFC 9111 5.2.2.4
            200 ; Cache-Control: private="x", max-age=60 | Set-Cookie: a=b ; SET_COOKIE ; another field
            200 ; Cache-Control: no-cache="x", max-age=60              ; STORED         ; RFC 9111 5.2.2.4: the rest
            200 ; Cache-Control: no-cache="content-encoding", max-age=60 ; NO_CACHE     ; the rest would be another response
            200 ; Cache-Control: no-cache="x y", max-age=60            ; NO_CACHE       ; no field name
            200 ; CDN-Cache-Control: max-age=60 | Cache-Control: no-store ; STORED      ; RFC 9213 2.2
            200 ; CDN-Cache-Control: max-age=60 | Cache-Control: private ; STORED       ; RFC 9213 2.2
            200 ; CDN-Cache-Control: no-store | Cache-Control: max-age=60 ; NO_STORE    ; RFC 9213 2.2
            200 ; CDN-Cache-Control: private | Cache-Control: max-age=60 ; PRIVATE      ; RFC 9213 2.2
            200 ; CDN-Cache-Control: no-cache | Cache-Control: max-age=60 ; NO_CACHE    ; RFC 9213 2.2
            200 ; CDN-Cache-Control: max-age=60 | Vary: *              ; VARY_STAR      ; RFC 9213 2.2: of the directives only
            200 ; CDN-Cache-Control: max-age=60 | Set-Cookie: a=b      ; SET_COOKIE     ; of the directives only
            200 ; CDN-Cache-Control: max-age=0 | Expires: [+60]        ; NO_FRESHNESS   ; RFC 9213 2.2
            200 ; CDN-Cache-Control: public | Expires: [+60]           ; NO_FRESHNESS   ; RFC 9213 2.2: Expires is ignored
            200 ; CDN-Cache-Control: , | Cache-Control: max-age=60     ; STORED         ; RFC 9213 2.1: malformed
            200 ; CDN-Cache-Control: no-store, | Cache-Control: max-age=60 ; STORED     ; RFC 9213 2.1: malformed
            200 ; CDN-Cache-Control: no-store=?0, max-age=60           ; NO_STORE       ; a restriction in whatever form
            200 ; CDN-Cache-Control: max-age=60, private="set-cookie" | Set-Cookie: a=b ; STORED ; RFC 9213 2.1
            200 ; CDN-Cache-Control: max-age=60, private=("a")         ; PRIVATE        ; RFC 9213 2.1: of no known type
            599 ; CDN-Cache-Control: max-age=60, must-understand       ; NOT_UNDERSTOOD ; RFC 9213 2.1
            200 ; CDN-Cache-Control: max-age=60, must-understand=?0, no-store ; NO_STORE ; said to be false
            200 ; Surrogate-Control: no-store | Cache-Control: max-age=60 ; NO_STORE    ; Edge Architecture 2.3
            200 ; Surrogate-Control: max-age=60 | Cache-Control: private ; STORED       ; Edge Architecture 2.3
            200 ; X-Accel-Expires: 60 | Cache-Control: no-cache        ; STORED         ; nginx
            200 ; X-Accel-Expires: 0 | Cache-Control: max-age=60       ; NO_STORE       ; nginx
            200 ; X-Accel-Expires: off | Cache-Control: max-age=60     ; NO_STORE       ; off is off
            200 ; Warning: 110 - "Response is Stale" | Cache-Control: max-age=60 ; STORED ; RFC 9111 5.5: obsolete
            200 ; Cache-Control: no-cache                              ; NO_CACHE       ; RFC 9111 5.2.2.4: nothing to validate with
            200 ; Cache-Control: no-cache, max-age=60                  ; NO_CACHE       ; RFC 9111 5.2.2.4
            200 ; Cache-Control: no-cache | ETag: "a"                  ; STORED         ; RFC 9111 5.2.2.4
            200 ; Cache-Control: no-store, must-understand, max-age=9  ; STORED         ; RFC 9111 5.2.2.3
            299 ; Cache-Control: must-understand, max-age=9            ; NOT_UNDERSTOOD ; RFC 9111 5.2.2.3
            599 ; Cache-Control: no-store, must-understand, max-age=9  ; NOT_UNDERSTOOD ; RFC 9111 5.2.2.3
            200 ; Cache-Control: private, must-understand, max-age=9   ; PRIVATE        ; RFC 9111 5.2.2.7
            200 ; Cache-Control: max-age=60 | Vary: *                  ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: , *                ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: *, *               ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: *, Foo             ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: Foo, *             ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: | Vary: *          ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: Foo | Vary: *      ; VARY_STAR      ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Vary: "Foo"              ; VARY_STAR      ; what cannot be compared never matches
            200 ; Cache-Control: max-age=60 | Vary: Foo                ; STORED         ; RFC 9111 4.1
            200 ; Cache-Control: max-age=60 | Set-Cookie: a=b          ; SET_COOKIE     ; RFC 9111 7.3
            200 ; Pragma: no-cache | Cache-Control: max-age=60         ; STORED         ; RFC 9111 5.4: of requests only
            206 ; Cache-Control: max-age=60 | Content-Range: bytes 0-1/5 ; PARTIAL      ; RFC 9111 3.3
            304 ; Cache-Control: max-age=60                            ; NOT_MODIFIED   ; RFC 9111 3
            101 ; Cache-Control: max-age=60                            ; NOT_FINAL      ; RFC 9111 3
            204 ; Cache-Control: max-age=60                            ; STORED         ; RFC 9111 3
            404 ; X: y                                                 ; NO_FRESHNESS   ; RFC 9111 3
            404 ; ETag: "a"                                            ; NO_FRESHNESS   ; an error without freshness
            500 ; Last-Modified: [-60]                                 ; NO_FRESHNESS   ; an error without freshness
            302 ; ETag: "a"                                            ; NO_FRESHNESS   ; RFC 9111 3: not by its status
            302 ; ETag: "a" | Cache-Control: max-age=0                 ; STORED         ; RFC 9111 3
            200 ; Cache-Control: max-age=60 | Content-Range: bytes 0-1/5 ; STORED       ; RFC 9110 14.4: means nothing on a 200
            """)
    void byTheResponse(int status, String lines, String outcome, String section) {
        assertThat(outcome(CacheRules.DEFAULTS, Given.get(), Given.response(status, lines)))
                .as(section)
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599})
    void anyFinalStatusWithExplicitFreshness(int status) { // RFC 9111 §3
        assertThat(outcome(CacheRules.DEFAULTS, Given.get(), Given.response(status, "Cache-Control: max-age=9")))
                .isEqualTo("STORED");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = ';', textBlock = """
            max-age=60                     ; AUTHORIZATION
            max-age=60, proxy-revalidate   ; AUTHORIZATION
            max-age=60, public             ; STORED
            max-age=60, must-revalidate    ; STORED
            s-maxage=60                    ; STORED
            max-age=60, s-maxage=60s       ; AUTHORIZATION
            max-age=60, s-maxage           ; AUTHORIZATION
            public, no-store, max-age=60   ; NO_STORE
            public, private, max-age=60    ; PRIVATE
            private="x", max-age=60        ; AUTHORIZATION
            """)
    void authorization(String control, String outcome) { // RFC 9111 §3.5
        Request request = Given.get("Authorization", "Bearer secret");
        Response response = Given.response(200, "Cache-Control: " + control);
        assertThat(outcome(CacheRules.DEFAULTS, request, response)).isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = ';', textBlock = """
            CDN-Cache-Control: max-age=60 | Cache-Control: public                  ; AUTHORIZATION
            CDN-Cache-Control: max-age=60, public | Cache-Control: no-store        ; STORED
            CDN-Cache-Control: max-age=60, must-revalidate                         ; STORED
            CDN-Cache-Control: max-age=60, public=?0                               ; AUTHORIZATION
            Surrogate-Control: max-age=60 | Cache-Control: public, max-age=60      ; AUTHORIZATION
            X-Accel-Expires: 60 | Cache-Control: s-maxage=60                       ; AUTHORIZATION
            """)
    void authorizationByTheFieldThatGoverns(String lines, String outcome) { // RFC 9111 §3.5, RFC 9213 §2.2
        Request request = Given.get("Authorization", "Bearer secret");
        assertThat(outcome(CacheRules.DEFAULTS, request, Given.response(200, lines)))
                .isEqualTo(outcome);
    }

    @Test
    void namedFieldsAreNotStored() { // RFC 9111 §5.2.2.4, §5.2.2.7
        Stored stored =
                Given.stored("Cache-Control: max-age=60, private=\"x-a, X-B\", no-cache=\"x-c\" | X-A: 1 | x-b: 2"
                        + " | X-C: 3 | X-D: 4 | X-A: 5");
        assertThat(stored.headers())
                .isEqualTo(Given.headers("Cache-Control: max-age=60, private=\"x-a, X-B\", no-cache=\"x-c\""
                        + " | X-D: 4 | Date: [+0]"));
        assertThat(stored.isFresh(Given.after(59))).isTrue();
    }

    @Test
    void whatIsForGatewaysIsKeptApart() {
        Stored stored = Given.stored("Surrogate-Control: max-age=60, content=\"ESI/1.0\" | X-Accel-Expires: 5"
                + " | CDN-Cache-Control: max-age=60 | Content-Encoding: gzip");
        assertThat(stored.headers())
                .isEqualTo(Given.headers("CDN-Cache-Control: max-age=60 | Content-Encoding: gzip | Date: [+0]"));
        assertThat(stored.head().surrogate())
                .isEqualTo(Given.headers("Surrogate-Control: max-age=60, content=\"ESI/1.0\" | X-Accel-Expires: 5"));
    }

    @ParameterizedTest(name = "Cookie {0}, {1}, ttl {2} -> {3}")
    @CsvSource(delimiter = '!', textBlock = """
            sessionid=x              ! Cache-Control: max-age=60                 ! STORED
            sessionid=x              ! Cache-Control: max-age=60 | Vary: Accept  ! STORED
            sessionid=x              ! Cache-Control: max-age=60 | Vary: Cookie  ! SESSION_COOKIE
            sessionid=x              ! Cache-Control: max-age=0 | ETag: "a"      ! SESSION_COOKIE
            sessionid=x              ! Expires: 0 | Last-Modified: [-60]         ! SESSION_COOKIE
            sessionid=x              ! ETag: "a"                                 ! SESSION_COOKIE
            _ga=1; sessionid=x       ! ETag: "a"                                 ! SESSION_COOKIE
            PHPSESSID=x              ! ETag: "a"                                 ! SESSION_COOKIE
            wordpress_logged_in_f=x  ! ETag: "a"                                 ! SESSION_COOKIE
            wiki_session=x           ! ETag: "a"                                 ! SESSION_COOKIE
            connect.sid=x            ! ETag: "a"                                 ! SESSION_COOKIE
            _ga=1; theme=dark        ! ETag: "a"                                 ! STORED
            theme=dark               ! Cache-Control: max-age=60 | Vary: Cookie  ! STORED
            xsessionid=1             ! ETag: "a"                                 ! STORED
            """)
    void sessionCookies(String cookie, String lines, String outcome) {
        assertThat(outcome(CacheRules.DEFAULTS, Given.get("Cookie", cookie), Given.response(200, lines)))
                .isEqualTo(outcome);
    }

    @Test
    void aRoutesLifetimeDoesNotMakeASessionsPageEverybodys() {
        CacheRules.Lifetimes fixed =
                new CacheRules.Lifetimes(Duration.ofDays(1), null, false, Map.of(), List.of(), 0, Duration.ofDays(7));
        CacheRules rules = CacheRules.DEFAULTS.withLifetimes(fixed);
        Request request = Given.get("Cookie", "sessionid=x");
        assertThat(outcome(rules, request, Given.response(200, "ETag: \"a\""))).isEqualTo("SESSION_COOKIE");
        assertThat(outcome(rules, request, Given.response(200, "Cache-Control: max-age=0")))
                .isEqualTo("SESSION_COOKIE");
        assertThat(outcome(rules, request, Given.response(200, "Cache-Control: max-age=60")))
                .isEqualTo("STORED");
    }

    @Test
    void theBlockingCookieIsNamed() {
        Storability refused = Given.storability(
                CacheRules.DEFAULTS, Given.get("Cookie", "a=b; sessionid=x"), Given.response(200, "ETag: \"a\""));
        assertThat(refused).isEqualTo(new Storability.Refuse(Reason.SESSION_COOKIE, "sessionid"));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "NO_STORE, true", "PRIVATE, true", "SET_COOKIE, true", "VARY_STAR, true", "NO_FRESHNESS, true",
        "NO_CACHE, true", "NOT_UNDERSTOOD, true", "TOO_LARGE, true", "HEAD, false", "METHOD, false",
        "PARTIAL, false", "NOT_MODIFIED, false", "AUTHORIZATION, false", "SESSION_COOKIE, false"
    })
    void oneClientsRequestSaysNothingAboutOthers(Reason reason, boolean everyone) {
        assertThat(new Storability.Refuse(reason).concernsEveryone()).isEqualTo(everyone);
    }

    @Test
    void aSessionCookieInTheKeyBlocksNothing() {
        CacheRules rules = CacheRules.DEFAULTS.withKey(
                new KeyRules(KeyRules.Query.WHOLE, List.<FieldName>of(), List.of("sessionid")));
        Request request = Given.get("Cookie", "sessionid=x");
        assertThat(outcome(rules, request, Given.response(200, "ETag: \"a\""))).isEqualTo("STORED");
    }

    @ParameterizedTest
    @EnumSource(CacheRules.SetCookie.class)
    void setCookieByTheRoute(CacheRules.SetCookie choice) {
        CacheRules rules = CacheRules.DEFAULTS.withCookies(new CacheRules.CookieRules(List.of(), List.of(), choice));
        Response response = Given.response(200, "Cache-Control: max-age=60 | Set-Cookie: a=b | Set-Cookie: c=d");
        List<String> kept = choice == CacheRules.SetCookie.REFUSE
                ? List.of()
                : Given.stored(rules, Given.get(), response).headers().all(Fields.SET_COOKIE);
        assertThat(kept).isEqualTo(choice == CacheRules.SetCookie.STORE ? List.of("a=b", "c=d") : List.of());
        assertThat(outcome(rules, Given.get(), response).equals("SET_COOKIE"))
                .isEqualTo(choice == CacheRules.SetCookie.REFUSE);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"HEAD, HEAD", "POST, METHOD", "PUT, METHOD", "OPTIONS, METHOD", "get, METHOD"})
    void onlyTheAnswerToAGetIsStored(String method, String outcome) {
        Request request = Given.get().withMethod(method);
        assertThat(outcome(CacheRules.DEFAULTS, request, Given.response(200, "Cache-Control: max-age=9")))
                .isEqualTo(outcome);
    }

    @Test
    void aBodyThatIsDeclaredTooLarge() {
        CacheRules rules = CacheRules.DEFAULTS.withMaxObject(4);
        Response response = Given.response(200, "Cache-Control: max-age=9");
        assertThat(outcome(rules, Given.get(), response)).isEqualTo("TOO_LARGE");
        assertThat(outcome(rules.withMaxObject(5), Given.get(), response)).isEqualTo("STORED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Proxy-Authenticate",
                "Proxy-Authentication-Info",
                "Proxy-Authorization",
                "Content-Length",
                "Age",
                "X-Nominated",
                "x-also"
            })
    void hopByHopFieldsAreNotStored(String name) { // RFC 9111 §3.1, RFC 9110 §7.6.1
        Stored stored = Given.stored("Cache-Control: max-age=60 | X-Kept: 1 | X-Nominated: 1 | X-Also: 1 | " + name
                + ": 7 | Connection: x-nominated, close, \"?\" | Connection: X-ALSO");
        assertThat(stored.headers().contains(FieldName.of(name))).isFalse();
        assertThat(stored.headers().first(FieldName.of("X-Kept"))).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Foo: 1",
                "Content-MD5: x",
                "Content-Encoding: weird",
                "Content-Range: bytes 0-1/9",
                "Clear-Site-Data: \"cookies\"",
                "Set-Cookie2: a=b",
                "Public-Key-Pins: x",
                "Via: 1.1 x",
                "Content-Type: text/plain;charset=utf-8",
                "Expires: nonsense",
                "X-Obs: \u00e9\u00ff",
                "Cache-Status: other; hit"
            })
    void everythingElseIsStoredAsItCame(String line) { // RFC 9111 §3.1
        Stored stored = Given.stored("Cache-Control: max-age=60 | " + line);
        assertThat(stored.headers().toString()).contains("\r\n" + line + "\r\n");
    }

    @Test
    void aMissingDateIsTheTimeOfReceipt() { // RFC 9110 §6.6.1
        assertThat(Given.stored("Cache-Control: max-age=60").headers().first(Fields.DATE))
                .isEqualTo(Given.at(0));
        assertThat(Given.stored("Cache-Control: max-age=60 | Date: [-3]")
                        .headers()
                        .all(Fields.DATE))
                .containsExactly(Given.at(-3));
    }

    @Test
    void aLengthThatIsNotDeclaredIsNotHeldAgainstIt() {
        Response live = Response.of(
                200,
                Given.headers("Cache-Control: max-age=9"),
                new Body.Live(
                        new Source() {
                            @Override
                            public void read(Sink sink) {
                                throw new AssertionError("nobody reads while deciding");
                            }

                            @Override
                            public void cancel() {}
                        },
                        Body.UNKNOWN));
        assertThat(outcome(CacheRules.DEFAULTS.withMaxObject(4), Given.get(), live))
                .isEqualTo("STORED");
    }
}
