package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReuseTest {
    private static final CacheRules RESPECTING = CacheRules.DEFAULTS.withClientDirectives(true);

    private static String outcome(Reuse reuse) {
        return switch (reuse) {
            case Reuse.Fresh fresh -> "FRESH " + fresh.reason();
            case Reuse.StaleWhileRevalidating stale -> "SWR";
            case Reuse.Validate validate -> "VALIDATE " + validate.reason();
            case Reuse.Unusable unusable -> "UNUSABLE " + unusable.reason();
            case Reuse.Unsatisfiable unsatisfiable -> "UNSATISFIABLE " + unsatisfiable.reason();
        };
    }

    private static String outcome(CacheRules rules, Request request, Stored stored, Instant now) {
        return outcome(Reuse.of(rules, request, Variants.of(stored), now));
    }

    @ParameterizedTest(name = "{0} after {1} s -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            Cache-Control: max-age=2                                            ; 0     ; FRESH FRESH       ; RFC 9111 4.2
            Cache-Control: max-age=2                                            ; 1.999 ; FRESH FRESH       ; RFC 9111 4.2
            Cache-Control: max-age=2                                            ; 2     ; VALIDATE STALE    ; RFC 9111 4.2: strictly longer
            Cache-Control: max-age=2                                            ; 3     ; VALIDATE STALE    ; RFC 9111 4.2
            Cache-Control: max-age=3600 | Age: 7200                             ; 0     ; VALIDATE STALE    ; RFC 9111 4.2.3
            Cache-Control: max-age=3600 | Age: 3599                             ; 0.999 ; FRESH FRESH       ; RFC 9111 4.2.3
            Cache-Control: max-age=3600 | Age: 3599                             ; 1     ; VALIDATE STALE    ; RFC 9111 4.2.3
            Date: [+0] | Expires: [+0] | ETag: "a"                              ; 0     ; VALIDATE STALE    ; RFC 9111 5.3
            Date: [-3600] | Expires: [-3000]                                    ; 0     ; VALIDATE STALE    ; RFC 9111 4.2.3
            ETag: "a"                                                           ; 0     ; VALIDATE STALE    ; RFC 9111 4.2.2
            Cache-Control: no-cache, max-age=60 | ETag: "a"                     ; 0     ; VALIDATE NO_CACHE ; RFC 9111 5.2.2.4
            Cache-Control: no-cache="x", max-age=60 | ETag: "a"                 ; 0     ; FRESH FRESH       ; RFC 9111 5.2.2.4: without x
            Cache-Control: no-cache=x, max-age=60 | ETag: "a"                   ; 0     ; VALIDATE NO_CACHE ; RFC 9111 5.2.2.4: not quoted
            Cache-Control: no-cache, max-age=1, stale-while-revalidate=9 | ETag: "a" ; 2 ; VALIDATE NO_CACHE ; RFC 9111 5.2.2.4
            Cache-Control: must-revalidate, max-age=60                          ; 59    ; FRESH FRESH       ; RFC 9111 5.2.2.2
            Cache-Control: immutable, max-age=60                                ; 59    ; FRESH FRESH       ; RFC 8246 2
            Cache-Control: immutable, max-age=60                                ; 61    ; VALIDATE STALE    ; RFC 8246 2
            Cache-Control: max-age=1, stale-while-revalidate=4                  ; 3     ; SWR               ; RFC 5861 3
            Cache-Control: max-age=1, stale-while-revalidate=4                  ; 4.999 ; SWR               ; RFC 5861 3
            Cache-Control: max-age=1, stale-while-revalidate=4                  ; 5     ; VALIDATE STALE    ; RFC 5861 3
            Cache-Control: max-age=1, stale-while-revalidate=4                  ; 6     ; VALIDATE STALE    ; RFC 5861 3
            Cache-Control: max-age=1, stale-while-revalidate=4, must-revalidate ; 3     ; VALIDATE STALE    ; RFC 9111 4.2.4
            Cache-Control: max-age=1, stale-while-revalidate=4, proxy-revalidate ; 3    ; VALIDATE STALE    ; RFC 9111 4.2.4
            Cache-Control: s-maxage=1, stale-while-revalidate=4                 ; 3     ; VALIDATE STALE    ; RFC 9111 5.2.2.10
            Cache-Control: max-age=1, stale-while-revalidate=x                  ; 3     ; VALIDATE STALE    ; RFC 9111 4.2.1
            Cache-Control: max-age=1, stale-if-error=60                         ; 3     ; VALIDATE STALE    ; RFC 5861 4
            Cache-Control: max-age=9999999 | ETag: "a"                          ; 604799 ; FRESH FRESH      ; cache.max-lifetime
            Cache-Control: max-age=9999999 | ETag: "a"                          ; 604800 ; UNUSABLE TOO_OLD ; cache.max-lifetime
            """)
    void byAge(String lines, double seconds, String outcome, String section) {
        assertThat(outcome(CacheRules.DEFAULTS, Given.get(), Given.stored(lines), Given.after(seconds)))
                .as(section)
                .isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{0}, made stale after {1} s, after {2} s -> {3}")
    @CsvSource(delimiter = ';', textBlock = """
            max-age=60                  ; 0  ; 0    ; SWR
            max-age=60                  ; 10 ; 9    ; FRESH FRESH
            max-age=60                  ; 10 ; 10   ; SWR
            max-age=60                  ; 10 ; 59   ; SWR
            max-age=60                  ; 10 ; 60   ; VALIDATE STALE
            max-age=60                  ; 99 ; 59   ; FRESH FRESH
            max-age=60, must-revalidate ; 10 ; 9    ; FRESH FRESH
            max-age=60, must-revalidate ; 10 ; 10   ; VALIDATE SOFT_PURGED
            """)
    void byASoftPurge(String control, double softened, double seconds, String outcome) {
        Stored stored = Given.stored("Cache-Control: " + control)
                .softened(Given.after(softened).toEpochMilli());
        assertThat(outcome(CacheRules.DEFAULTS, Given.get(), stored, Given.after(seconds)))
                .isEqualTo(outcome);
    }

    @Test
    void whatMayHaveBeenPurgedIsAskedForWhateverClientAndOriginSay() {
        Stored stored = Given.stored("Cache-Control: max-age=60, stale-while-revalidate=60, stale-if-error=60")
                .doubted();
        CacheRules lenient = CacheRules.DEFAULTS.withClientDirectives(true);
        for (Request request : List.of(Given.get(), Given.get("Cache-Control", "max-stale"))) {
            assertThat(outcome(lenient, request, stored, Given.NOW)).isEqualTo("VALIDATE IN_DOUBT");
        }
        for (Reuse.Trouble trouble : Reuse.Trouble.values()) {
            assertThat(Reuse.onTrouble(lenient, stored, trouble, Given.NOW)).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}, stored {1}, after {2} s -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            no-cache                ; max-age=60                  ; 0  ; VALIDATE CLIENT_NO_CACHE     ; RFC 9111 5.2.1.4
            nothing-to-see-here     ; max-age=60                  ; 0  ; FRESH FRESH                  ; RFC 9111 5.2.3
            nothing, no-cache       ; max-age=60                  ; 0  ; VALIDATE CLIENT_NO_CACHE     ; RFC 9111 5.2.1.4
            max-age=0               ; max-age=60                  ; 1  ; VALIDATE CLIENT_MAX_AGE      ; RFC 9111 5.2.1.1
            max-age=5               ; max-age=60                  ; 5  ; FRESH FRESH                  ; RFC 9111 5.2.1.1
            max-age=5               ; max-age=60                  ; 6  ; VALIDATE CLIENT_MAX_AGE      ; RFC 9111 5.2.1.1
            min-fresh=50            ; max-age=60                  ; 10 ; FRESH FRESH                  ; RFC 9111 5.2.1.3
            min-fresh=50            ; max-age=60                  ; 11 ; VALIDATE CLIENT_MIN_FRESH    ; RFC 9111 5.2.1.3
            max-stale               ; max-age=60                  ; 99 ; FRESH CLIENT_MAX_STALE       ; RFC 9111 5.2.1.2
            max-stale=40            ; max-age=60                  ; 99 ; FRESH CLIENT_MAX_STALE       ; RFC 9111 5.2.1.2
            max-stale=30            ; max-age=60                  ; 99 ; VALIDATE STALE               ; RFC 9111 5.2.1.2
            max-stale=x             ; max-age=60                  ; 99 ; VALIDATE STALE               ; RFC 9111 4.2.1
            max-stale               ; max-age=60, must-revalidate ; 99 ; VALIDATE STALE               ; RFC 9111 4.2.4
            max-stale               ; s-maxage=60                 ; 99 ; VALIDATE STALE               ; RFC 9111 4.2.4
            max-stale, max-age=5    ; max-age=60                  ; 99 ; VALIDATE CLIENT_MAX_AGE      ; RFC 9111 5.2.1.1
            only-if-cached          ; max-age=60                  ; 0  ; FRESH FRESH                  ; RFC 9111 5.2.1.7
            only-if-cached          ; max-age=60                  ; 99 ; UNSATISFIABLE ONLY_IF_CACHED ; RFC 9111 5.2.1.7
            only-if-cached,max-stale; max-age=60                  ; 99 ; FRESH CLIENT_MAX_STALE       ; RFC 9111 5.2.1.7
            """)
    void byTheClientsDirectives(String demands, String control, double seconds, String outcome, String section) {
        Request request = Given.get("Cache-Control", demands, "Pragma", "no-cache");
        Stored stored = Given.stored("Cache-Control: " + control);
        assertThat(outcome(RESPECTING, request, stored, Given.after(seconds)))
                .as(section)
                .isEqualTo(outcome);
        boolean fresh = Given.after(seconds).isBefore(Given.after(60));
        assertThat(outcome(CacheRules.DEFAULTS, request, stored, Given.after(seconds)))
                .as("a route that does not listen")
                .isEqualTo(fresh ? "FRESH FRESH" : "VALIDATE STALE");
    }

    @Test
    void nothingStored() {
        assertThat(outcome(Reuse.of(CacheRules.DEFAULTS, Given.get(), Variants.NONE, Given.NOW)))
                .isEqualTo("UNUSABLE URI_MISS");
        Request only = Given.get("Cache-Control", "only-if-cached");
        assertThat(outcome(Reuse.of(RESPECTING, only, Variants.NONE, Given.NOW)))
                .isEqualTo("UNSATISFIABLE ONLY_IF_CACHED");
    }

    @Test
    void anotherVariantIsNoAnswer() {
        Stored stored = Given.stored(
                CacheRules.DEFAULTS,
                Given.get("Foo", "1"),
                Given.response(200, "Cache-Control: max-age=60 | Vary: Foo"));
        assertThat(outcome(CacheRules.DEFAULTS, Given.get("Foo", "1"), stored, Given.NOW))
                .isEqualTo("FRESH FRESH");
        assertThat(outcome(CacheRules.DEFAULTS, Given.get("Foo", "2"), stored, Given.NOW))
                .isEqualTo("UNUSABLE VARY_MISS");
    }

    @ParameterizedTest(name = "{0} after {1} s, {2} -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            max-age=2                           ; 3    ; UNREACHABLE ; STALE_IF_UNREACHABLE ; RFC 9111 4.2.4
            max-age=2                           ; 3601 ; UNREACHABLE ; STALE_IF_UNREACHABLE ; bounded
            max-age=2                           ; 3602 ; UNREACHABLE ; -                    ; bounded
            max-age=2                           ; 3    ; ERROR       ; -                    ; RFC 9111 4.2.4: connected
            max-age=2, must-revalidate          ; 3    ; UNREACHABLE ; -                    ; RFC 9111 5.2.2.2
            max-age=2, proxy-revalidate         ; 3    ; UNREACHABLE ; -                    ; RFC 9111 5.2.2.8
            s-maxage=2                          ; 3    ; UNREACHABLE ; -                    ; RFC 9111 5.2.2.10
            max-age=2, s-maxage=1               ; 3    ; UNREACHABLE ; -                    ; RFC 9111 5.2.2.10
            max-age=2, stale-if-error=60        ; 3    ; UNREACHABLE ; STALE_IF_ERROR       ; RFC 5861 4
            max-age=2, stale-if-error=60        ; 3    ; ERROR       ; STALE_IF_ERROR       ; RFC 5861 4
            max-age=2, stale-if-error=60        ; 61   ; ERROR       ; STALE_IF_ERROR       ; RFC 5861 4
            max-age=2, stale-if-error=60        ; 62   ; ERROR       ; -                    ; RFC 5861 4
            max-age=2, stale-if-error=60        ; 62   ; UNREACHABLE ; STALE_IF_UNREACHABLE ; RFC 9111 4.2.4
            max-age=2, stale-if-error=7200      ; 7201 ; UNREACHABLE ; STALE_IF_ERROR       ; RFC 5861 4
            max-age=2, stale-if-error=9, must-revalidate ; 3 ; ERROR ; -                    ; RFC 9111 4.2.4
            max-age=60                          ; 1    ; ERROR       ; -                    ; fresh, but the client wanted it validated
            max-age=60                          ; 1    ; UNREACHABLE ; STALE_IF_UNREACHABLE ; RFC 9111 5.2.1.4: it only prefers
            """)
    void whenTheOriginFails(String control, double seconds, Reuse.Trouble trouble, String outcome, String section) {
        Stored stored = Given.stored("Cache-Control: " + control);
        assertThat(Reuse.onTrouble(CacheRules.DEFAULTS, stored, trouble, Given.after(seconds))
                        .map(Enum::name)
                        .orElse("-"))
                .as(section)
                .isEqualTo(outcome);
    }

    @Test
    void noCacheIsNeverServedWithoutTheOrigin() { // RFC 9111 §4.2.4
        Stored stored = Given.stored("Cache-Control: no-cache, max-age=60 | ETag: \"a\"");
        for (Reuse.Trouble trouble : Reuse.Trouble.values()) {
            assertThat(Reuse.onTrouble(CacheRules.DEFAULTS, stored, trouble, Given.NOW))
                    .isEmpty();
        }
    }

    @Test
    void theRoutesWindowsReplaceTheResponses() {
        CacheRules rules = CacheRules.DEFAULTS.withGrace(
                new CacheRules.Grace(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(9), Duration.ZERO));
        Stored silent = Given.stored("Cache-Control: max-age=1");
        Stored telling = Given.stored("Cache-Control: max-age=1, stale-while-revalidate=60, stale-if-error=60");
        for (Stored stored : new Stored[] {silent, telling}) {
            assertThat(outcome(rules, Given.get(), stored, Given.after(5.5))).isEqualTo("SWR");
            assertThat(outcome(rules, Given.get(), stored, Given.after(6))).isEqualTo("VALIDATE STALE");
            assertThat(Reuse.onTrouble(rules, stored, Reuse.Trouble.ERROR, Given.after(9)))
                    .contains(Reason.STALE_IF_ERROR);
            assertThat(Reuse.onTrouble(rules, stored, Reuse.Trouble.UNREACHABLE, Given.after(10)))
                    .isEmpty();
        }
        Stored strict = Given.stored("Cache-Control: max-age=1, must-revalidate");
        assertThat(outcome(rules, Given.get(), strict, Given.after(2))).isEqualTo("VALIDATE STALE");
    }

    @Test
    void theDefaultGraceHoldsWhereBothAreSilent() {
        CacheRules rules =
                CacheRules.DEFAULTS.withGrace(new CacheRules.Grace(Duration.ZERO, null, null, Duration.ofSeconds(10)));
        assertThat(outcome(rules, Given.get(), Given.stored("Cache-Control: max-age=1"), Given.after(5)))
                .isEqualTo("SWR");
        Stored telling = Given.stored("Cache-Control: max-age=1, stale-while-revalidate=0");
        assertThat(outcome(rules, Given.get(), telling, Given.after(5))).isEqualTo("VALIDATE STALE");
    }

    @Test
    void freshMeansThatTheLifetimeExceedsTheAge() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            String control = "max-age=" + random.nextInt(20)
                    + (random.nextBoolean() ? ", stale-while-revalidate=" + random.nextInt(9) : "")
                    + (random.nextInt(9) == 0 ? ", must-revalidate" : "");
            Stored stored = Given.stored("ETag: \"a\" | Cache-Control: " + control + " | Age: " + random.nextInt(20));
            Instant now = Given.NOW.plusMillis(random.nextInt(-500, 25_000));
            boolean exceeds = stored.head().freshness().lifetime() > stored.age(now);
            boolean fresh = Reuse.of(CacheRules.DEFAULTS, Given.get(), Variants.of(stored), now) instanceof Reuse.Fresh;
            assertThat(fresh).as("%s at %s", control, now).isEqualTo(exceeds);
            assertThat(stored.ttl(now) > 0 || !fresh || stored.left(now) < 1000).isTrue();
        }
    }
}
