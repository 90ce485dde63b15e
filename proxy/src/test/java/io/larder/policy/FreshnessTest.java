package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {
    private static final CacheRules.Lifetimes PLAIN = CacheRules.Lifetimes.FROM_RESPONSE;
    private static final CacheRules.Lifetimes UNBOUNDED =
            new CacheRules.Lifetimes(null, null, false, Map.of(), List.of(), 0, Duration.ofDays(40_000));
    private static final CacheRules.Lifetimes HEURISTIC =
            new CacheRules.Lifetimes(null, null, true, Map.of(), List.of(), 0, Duration.ofDays(7));

    private static Freshness of(CacheRules.Lifetimes rules, int status, String lines) {
        Headers headers = Given.headers(lines);
        return Freshness.of(rules, status, headers, Governing.of(rules, headers, Given.NOW), Given.NOW);
    }

    @ParameterizedTest(name = "{0} -> {1} s by {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            X: nothing                                                      ; 0          ; NONE     ; RFC 9111 4.2.1
            Cache-Control: max-age=60                                       ; 60         ; MAX_AGE  ; RFC 9111 4.2.1
            Cache-Control: max-age=0                                        ; 0          ; MAX_AGE  ; RFC 9111 4.2.1
            Cache-Control: max-age=60 | Expires: [-600]                     ; 60         ; MAX_AGE  ; RFC 9111 5.3
            Cache-Control: max-age=60 | Expires: 0                          ; 60         ; MAX_AGE  ; RFC 9111 5.3
            Cache-Control: max-age=0 | Expires: [+600]                      ; 0          ; MAX_AGE  ; RFC 9111 5.3
            Cache-Control: s-maxage=60, max-age=1                           ; 60         ; S_MAXAGE ; RFC 9111 5.2.2.10
            Cache-Control: max-age=1, s-maxage=60                           ; 60         ; S_MAXAGE ; RFC 9111 5.2.2.10
            Cache-Control: s-maxage=1 | Cache-Control: max-age=60           ; 1          ; S_MAXAGE ; RFC 9111 5.2.2.10
            Cache-Control: max-age=60 | Cache-Control: s-maxage=1           ; 1          ; S_MAXAGE ; RFC 9111 5.2.2.10
            Cache-Control: max-age=0, s-maxage=60 | Expires: [-9]           ; 60         ; S_MAXAGE ; RFC 9111 5.2.2.10
            Cache-Control: s-maxage=x, max-age=60                           ; 0          ; S_MAXAGE ; RFC 9111 4.2.1
            Cache-Control: max-age=-1                                       ; 0          ; MAX_AGE  ; RFC 9111 4.2.1
            Cache-Control: max-age='3600'                                   ; 0          ; MAX_AGE  ; RFC 9111 4.2.1
            Cache-Control: max-age=0003600                                  ; 3600       ; MAX_AGE  ; RFC 9111 1.2.2
            Cache-Control: max-age=2147483649                               ; 2147483648 ; MAX_AGE  ; RFC 9111 1.2.2
            Cache-Control: max-age=99999999999                              ; 2147483648 ; MAX_AGE  ; RFC 9111 1.2.2
            Cache-Control: extension="max-age=60"                           ; 0          ; NONE     ; RFC 9110 5.6.4
            Date: [+0] | Expires: [+60]                                     ; 60         ; EXPIRES  ; RFC 9111 5.3
            Date: [+0] | Expires: [+0]                                      ; 0          ; EXPIRES  ; RFC 9111 5.3
            Date: [+0] | Expires: [-60]                                     ; 0          ; EXPIRES  ; RFC 9111 5.3
            Date: [-3600] | Expires: [-3540]                                ; 60         ; EXPIRES  ; RFC 9111 4.2.1: minus Date, not now
            Date: [+3600] | Expires: [+3660]                                ; 60         ; EXPIRES  ; RFC 9111 4.2.1
            Date: [+3600] | Expires: [+1800]                                ; 0          ; EXPIRES  ; RFC 9111 4.2.1
            Expires: [+60]                                                  ; 60         ; EXPIRES  ; RFC 9110 6.6.1: received now
            Date: foo | Expires: [+60]                                      ; 60         ; EXPIRES  ; RFC 9110 6.6.1
            Expires: 0                                                      ; 0          ; EXPIRES  ; RFC 9111 5.3
            Expires: -1                                                     ; 0          ; EXPIRES  ; RFC 9111 5.3
            Expires: Thu, 18 Aug 2050 02:01:18 UTC                          ; 0          ; EXPIRES  ; RFC 9111 5.3
            Expires: [+60] | Expires: [+60]                                 ; 0          ; EXPIRES  ; RFC 9111 5.3: no list
            Expires: [+60] | Expires: [+90]                                 ; 0          ; EXPIRES  ; RFC 9111 5.3
            Date: [+0] | Expires: Fri, 31 Dec 9999 23:59:59 GMT             ; 2147483648 ; EXPIRES  ; RFC 9111 1.2.2
            Cache-Control: no-cache, max-age=60                             ; 60         ; MAX_AGE  ; RFC 9111 5.2.2.4
            Cache-Control: must-revalidate, max-age=60                      ; 60         ; MAX_AGE  ; RFC 9111 5.2.2.2: fresh is fresh
            Last-Modified: [-1000]                                          ; 0          ; NONE     ; heuristics are off
            """)
    void lifetime(String lines, long seconds, Freshness.Origin origin, String section) {
        Freshness freshness = of(UNBOUNDED, 200, lines);
        assertThat(freshness.lifetime()).as(section).isEqualTo(seconds * 1000);
        assertThat(freshness.origin()).as(section).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
    void heuristicWhereTheStatusPermitsIt(int status) { // RFC 9110 §15.1, RFC 9111 §4.2.2
        assertThat(of(HEURISTIC, status, "Date: [+0] | Last-Modified: [-1000]"))
                .isEqualTo(new Freshness(100_000, Freshness.Origin.HEURISTIC));
        assertThat(of(HEURISTIC, status, "Date: [+0]").origin()).isEqualTo(Freshness.Origin.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 302, 303, 307, 400, 403, 500, 502, 503, 504, 599})
    void heuristicElsewhereOnlyWithPublic(int status) { // RFC 9111 §4.2.2
        assertThat(of(HEURISTIC, status, "Last-Modified: [-1000]").lifetime()).isZero();
        assertThat(of(HEURISTIC, status, "Last-Modified: [-1000] | Cache-Control: public")
                        .lifetime())
                .isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            Last-Modified: [+1000]                                   ; 0
            Last-Modified: nonsense                                  ; 0
            Last-Modified: [-1000] | Cache-Control: max-age=5        ; 5000
            Last-Modified: [-1000] | Cache-Control: max-age=0        ; 0
            Last-Modified: [-1000] | Expires: 0                      ; 0
            Date: [-500] | Last-Modified: [-1000]                    ; 50000
            Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT             ; 604800000
            """)
    void heuristicLifetimes(String lines, long millis) {
        assertThat(of(HEURISTIC, 200, lines).lifetime()).isEqualTo(millis);
    }

    @ParameterizedTest(name = "{0} {1} -> {2} ms by {3}")
    @CsvSource(delimiter = ';', textBlock = """
            200 ; X: y                          ; 60000 ; ROUTE_TTL
            200 ; Cache-Control: max-age=5      ; 60000 ; ROUTE_TTL
            301 ; X: y                          ; 60000 ; ROUTE_TTL
            302 ; X: y                          ; 0     ; NONE
            302 ; Cache-Control: max-age=5      ; 5000  ; MAX_AGE
            404 ; X: y                          ; 10000 ; ROUTE_NEGATIVE
            404 ; Cache-Control: max-age=5      ; 5000  ; MAX_AGE
            404 ; Cache-Control: max-age=0      ; 0     ; MAX_AGE
            410 ; X: y                          ; 0     ; NONE
            500 ; X: y                          ; 0     ; NONE
            500 ; Cache-Control: max-age=5      ; 5000  ; MAX_AGE
            """)
    void aFixedTtlReplacesWhatSuccessesSay(int status, String lines, long millis, Freshness.Origin origin) {
        CacheRules.Lifetimes rules = new CacheRules.Lifetimes(
                Duration.ofMinutes(1),
                null,
                false,
                Map.of(404, Duration.ofSeconds(10)),
                List.of(),
                0,
                Duration.ofDays(7));
        assertThat(of(rules, status, lines)).isEqualTo(new Freshness(millis, origin));
    }

    @ParameterizedTest(name = "{0} {1} -> {2} ms by {3}")
    @CsvSource(delimiter = ';', textBlock = """
            200 ; X: y                          ; 60000 ; ROUTE_DEFAULT
            200 ; Cache-Control: public         ; 60000 ; ROUTE_DEFAULT
            200 ; Cache-Control: max-age=5      ; 5000  ; MAX_AGE
            200 ; Cache-Control: max-age=0      ; 0     ; MAX_AGE
            200 ; Expires: 0                    ; 0     ; EXPIRES
            302 ; X: y                          ; 0     ; NONE
            404 ; X: y                          ; 0     ; NONE
            503 ; X: y                          ; 0     ; NONE
            """)
    void aDefaultTtlHoldsWhereTheResponseIsSilent(int status, String lines, long millis, Freshness.Origin origin) {
        CacheRules.Lifetimes rules = new CacheRules.Lifetimes(
                null, Duration.ofMinutes(1), false, Map.of(), List.of(), 0, Duration.ofDays(7));
        assertThat(of(rules, status, lines)).isEqualTo(new Freshness(millis, origin));
    }

    @Test
    void aTtlOfTheRouteIsCountedFromReceipt() {
        CacheRules rules = CacheRules.DEFAULTS.withLifetimes(new CacheRules.Lifetimes(
                Duration.ofMinutes(1), null, false, Map.of(), List.of(), 0, Duration.ofDays(7)));
        Stored stored = Given.stored(rules, Given.get(), Given.response(200, "Age: 7200 | Date: [-300]"));
        assertThat(stored.left(Given.NOW)).isEqualTo(60_000);
        assertThat(stored.ageSeconds(Given.NOW)).isEqualTo(7200);
    }

    @Test
    void nothingIsFreshLongerThanTheMaximum() {
        assertThat(of(PLAIN, 200, "Cache-Control: max-age=31536000").lifetime())
                .isEqualTo(Duration.ofDays(7).toMillis());
    }
}
