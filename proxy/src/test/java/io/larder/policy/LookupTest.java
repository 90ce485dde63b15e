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
import org.junit.jupiter.params.provider.ValueSource;

class LookupTest {
    private static final CacheRules BYPASSING = CacheRules.DEFAULTS.withBypass(
            new CacheRules.Bypass(List.of(new Glob("session*")), List.of(FieldName.of("Authorization"))));

    private static String outcome(CacheRules rules, Request request) {
        return switch (Lookup.of(rules, request)) {
            case Lookup.Allowed allowed -> "ALLOWED";
            case Lookup.Bypass bypass -> bypass.reason().name();
        };
    }

    @ParameterizedTest(name = "{0} {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            GET     ; X: y                                             ; ALLOWED          ; RFC 9111 4
            HEAD    ; X: y                                             ; ALLOWED          ; RFC 9110 9.3.2
            POST    ; X: y                                             ; METHOD           ; RFC 9111 4
            OPTIONS ; X: y                                             ; METHOD           ; RFC 9110 9.3.7
            TRACE   ; X: y                                             ; METHOD           ; RFC 9110 9.3.8
            GET     ; X-HTTP-Method-Override: DELETE                   ; METHOD           ; RFC 9111 2: a method that no key tells
            get     ; X: y                                             ; METHOD           ; RFC 9110 9.1: case-sensitive
            GET     ; Range: bytes=0-1                                 ; ALLOWED          ; RFC 9110 14.2
            GET     ; Range: unknown=0-1                               ; ALLOWED          ; RFC 9110 14.2
            HEAD    ; Range: bytes=0-1                                 ; ALLOWED          ; RFC 9110 14.2: GET only
            GET     ; Upgrade: websocket | Connection: Upgrade         ; UPGRADE          ; RFC 9110 7.8
            GET     ; Upgrade: h2c, websocket                          ; UPGRADE          ; RFC 9110 7.8
            GET     ; Upgrade: h2c | Connection: Upgrade, HTTP2-Settings ; ALLOWED        ; RFC 9113 3.1
            GET     ; If-Match: "a"                                    ; ORIGIN_CONDITION ; RFC 9111 4.3.2
            GET     ; If-Unmodified-Since: [+0]                        ; ORIGIN_CONDITION ; RFC 9111 4.3.2
            GET     ; If-None-Match: "a"                               ; ALLOWED          ; RFC 9111 4.3.2
            GET     ; If-Modified-Since: [+0]                          ; ALLOWED          ; RFC 9111 4.3.2
            GET     ; Cache-Control: no-store                          ; ALLOWED          ; a route that does not listen
            GET     ; Authorization: Basic x                           ; ALLOWED          ; RFC 9111 3.5: a stored public one may do
            GET     ; Cookie: sessionid=x                              ; ALLOWED          ; RFC 9111 7.3
            """)
    void byTheRequest(String method, String lines, String outcome, String section) {
        Request request = Given.get().withMethod(method).withHeaders(Given.headers(lines));
        assertThat(outcome(CacheRules.DEFAULTS, request)).as(section).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void contentMayChangeTheAnswer(String method) { // RFC 9110 §9.3.1
        Request fat = Given.get().withMethod(method).withBody(new Body.Whole(Given.BODY));
        assertThat(outcome(CacheRules.DEFAULTS, fat)).isEqualTo("REQUEST_CONTENT");
    }

    @Test
    void theRoutesBypasses() {
        assertThat(outcome(BYPASSING, Given.get("Authorization", "x"))).isEqualTo("BYPASS_HEADER");
        assertThat(outcome(BYPASSING, Given.get("Cookie", "a=b; sessionid=1"))).isEqualTo("BYPASS_COOKIE");
        assertThat(outcome(BYPASSING, Given.get("Cookie", "a=sessionid"))).isEqualTo("ALLOWED");
    }

    @Test
    void aRouteThatListensHeedsNoStore() { // RFC 9111 §5.2.1.5
        CacheRules listening = CacheRules.DEFAULTS.withClientDirectives(true);
        assertThat(outcome(listening, Given.get("Cache-Control", "x, no-store")))
                .isEqualTo("CLIENT_NO_STORE");
        assertThat(outcome(listening, Given.get("Cache-Control", "no-cache"))).isEqualTo("ALLOWED");
    }
}
