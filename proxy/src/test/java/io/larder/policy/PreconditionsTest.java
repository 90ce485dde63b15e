package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import io.larder.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionsTest {

    private static boolean notModified(String request, int status, String stored) {
        Request conditional = Given.get().withHeaders(Given.headers(request));
        Stored response = Given.stored(
                CacheRules.DEFAULTS, Given.get(), Given.response(status, stored + " | Cache-Control: max-age=60"));
        return switch (Preconditions.of(conditional, response)) {
            case Preconditions.NotModified it -> true;
            case Preconditions.Send send -> false;
        };
    }

    @ParameterizedTest(name = "{0} on {1} {2} -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            X: y                                                ; 200 ; ETag: "a"           ; false ; unconditional
            If-None-Match: "a"                                  ; 200 ; ETag: "a"           ; true  ; RFC 9110 13.1.2
            If-None-Match: "b"                                  ; 200 ; ETag: "a"           ; false ; RFC 9110 13.1.2
            If-None-Match: "a", "b", "c"                        ; 200 ; ETag: "a"           ; true  ; RFC 9110 13.1.2
            If-None-Match: "a", "b", "c"                        ; 200 ; ETag: "b"           ; true  ; RFC 9110 13.1.2
            If-None-Match: "a", "b", "c"                        ; 200 ; ETag: "c"           ; true  ; RFC 9110 13.1.2
            If-None-Match: "a" | If-None-Match: "c"             ; 200 ; ETag: "c"           ; true  ; RFC 9110 5.3
            If-None-Match: W/"a"                                ; 200 ; ETag: "a"           ; true  ; RFC 9110 13.1.2: weakly
            If-None-Match: "a"                                  ; 200 ; ETag: W/"a"         ; true  ; RFC 9110 13.1.2
            If-None-Match: W/"a"                                ; 200 ; ETag: W/"a"         ; true  ; RFC 9110 13.1.2
            If-None-Match: a                                    ; 200 ; ETag: "a"           ; false ; RFC 9110 8.8.3
            If-None-Match: a                                    ; 200 ; ETag: a             ; true  ; octet by octet
            If-None-Match: *                                    ; 200 ; ETag: "a"           ; true  ; RFC 9110 13.1.2
            If-None-Match: *                                    ; 200 ; X: y                ; true  ; RFC 9110 13.1.2
            If-None-Match: "a"                                  ; 200 ; X: y                ; false ; RFC 9110 13.1.2
            If-None-Match: "b" | If-Modified-Since: [-9]        ; 200 ; ETag: "a" | Last-Modified: [-9] ; false ; RFC 9110 13.1.3
            If-None-Match: "a" | If-Modified-Since: [-99]       ; 200 ; ETag: "a" | Last-Modified: [-9] ; true  ; RFC 9110 13.1.3
            If-None-Match: "b" | If-Modified-Since: [-9]        ; 200 ; Last-Modified: [-9] ; false ; RFC 9110 13.1.3
            If-Modified-Since: [-9]                             ; 200 ; Last-Modified: [-9] ; true  ; RFC 9110 13.1.3
            If-Modified-Since: [-8]                             ; 200 ; Last-Modified: [-9] ; true  ; RFC 9110 13.1.3
            If-Modified-Since: [-10]                            ; 200 ; Last-Modified: [-9] ; false ; RFC 9110 13.1.3
            If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT   ; 200 ; Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT ; true ; RFC 9110 5.6.7
            If-Modified-Since: Sun Nov  6 08:49:37 1994         ; 200 ; Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT ; true ; RFC 9110 5.6.7
            If-Modified-Since: nonsense                         ; 200 ; Last-Modified: [-9] ; false ; RFC 9110 13.1.3
            If-Modified-Since: [-9] | If-Modified-Since: [-9]   ; 200 ; Last-Modified: [-9] ; false ; RFC 9110 13.1.3
            If-Modified-Since: [-3000]                          ; 200 ; Date: [+0]          ; false ; RFC 9111 4.3.2: the Date
            If-Modified-Since: [+0]                             ; 200 ; Date: [+0]          ; true  ; RFC 9111 4.3.2
            If-Modified-Since: [-1]                             ; 200 ; X: y                ; false ; RFC 9111 4.3.2: received then
            If-None-Match: "a"                                  ; 203 ; ETag: "a"           ; true  ; RFC 9110 13.2.1
            If-None-Match: "a"                                  ; 404 ; ETag: "a"           ; false ; RFC 9110 13.2.1
            If-None-Match: "a"                                  ; 301 ; ETag: "a"           ; false ; RFC 9110 13.2.1
            """)
    void conditions(String request, int status, String stored, boolean notModified, String section) {
        assertThat(notModified(request, status, stored)).as(section).isEqualTo(notModified);
    }

    @Test
    void the304RepeatsWhatTheCopyIsKnownBy() { // RFC 9110 §15.4.5
        Stored stored = Given.stored("ETag: \"a\" | Date: [-3] | Cache-Control: max-age=60 | Expires: 0 | Vary: Foo"
                + " | Content-Location: /x | Last-Modified: [-9] | Content-Type: text/plain | X: y");
        assertThat(Preconditions.of(Given.get("If-None-Match", "\"a\""), stored))
                .isEqualTo(new Preconditions.NotModified(Headers.of(
                        "ETag", "\"a\"",
                        "Date", Given.at(-3),
                        "Cache-Control", "max-age=60",
                        "Expires", "0",
                        "Vary", "Foo",
                        "Content-Location", "/x")));
    }

    @Test
    void withoutATagItRepeatsTheModificationDate() {
        Stored stored = Given.stored("Last-Modified: [-9] | Date: [+0] | Cache-Control: max-age=60");
        assertThat(Preconditions.of(Given.get("If-Modified-Since", Given.at(-9)), stored))
                .isEqualTo(new Preconditions.NotModified(
                        Headers.of("Last-Modified", Given.at(-9), "Date", Given.at(0), "Cache-Control", "max-age=60")));
    }
}
