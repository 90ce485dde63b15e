package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadUpdateTest {
    private static HeadUpdate of(Stored stored, int status, String said) {
        Request head = Given.get().withMethod("HEAD");
        return HeadUpdate.of(
                CacheRules.DEFAULTS, head, stored, Given.response(status, said), Given.after(10), Given.after(10));
    }

    @ParameterizedTest(name = "{0}; {1} {2} -> {3} ({4})")
    @CsvSource(delimiter = ';', textBlock = """
            ETag: "a"           ; 200 ; ETag: "a"                          ; Freshened ; RFC 9111 4.3.5
            ETag: "a"           ; 200 ; ETag: W/"a"                        ; Freshened ; RFC 9110 8.8.3.2
            ETag: "a"           ; 200 ; ETag: "a" | Content-Length: 5      ; Freshened ; RFC 9111 4.3.5
            ETag: "a"           ; 200 ; ETag: "b"                          ; Outdated  ; RFC 9111 4.3.5: another tag
            X: y                ; 200 ; ETag: "b"                          ; Outdated  ; RFC 9111 4.3.5: another tag
            ETag: "a"           ; 200 ; ETag: "a" | Content-Length: 6      ; Outdated  ; RFC 9111 4.3.5: another length
            ETag: "a"           ; 200 ; Content-Length: 6                  ; Outdated  ; RFC 9111 4.3.5: another length
            ETag: "a"           ; 200 ; Content-Length: five               ; Outdated  ; RFC 9110 8.6
            ETag: "a"           ; 200 ; Content-Length: 5                  ; Silent    ; a length proves nothing
            ETag: "a"           ; 200 ; X: y                               ; Silent    ; no validator
            X: y                ; 200 ; X: y                               ; Silent    ; no validator
            Last-Modified: [-9] ; 200 ; Last-Modified: [-9]                ; Freshened ; RFC 9111 4.3.5
            Last-Modified: [-9] ; 200 ; Last-Modified: [-8]                ; Outdated  ; RFC 9111 4.3.5
            ETag: "a"           ; 200 ; ETag: "a" | Last-Modified: [-8]    ; Outdated  ; RFC 9111 4.3.5: any validator
            ETag: "a"           ; 200 ; ETag: "a" | Cache-Control: private ; Outdated  ; RFC 9111 3: not to be shared any more
            ETag: "a"           ; 200 ; ETag: "a" | Cache-Control: no-store ; Outdated ; RFC 9111 3
            ETag: "a"           ; 200 ; ETag: "a" | Vary: *                ; Outdated  ; RFC 9111 4.1
            ETag: "a"           ; 404 ; ETag: "b"                          ; Silent    ; RFC 9111 4.3.5: of a 200
            ETag: "a"           ; 500 ; X: y                               ; Silent    ; RFC 9111 4.3.5: of a 200
            """)
    void outcome(String stored, int status, String said, String outcome, String section) {
        HeadUpdate update = of(Given.stored(stored + " | Cache-Control: max-age=5"), status, said);
        assertThat(update.getClass().getSimpleName()).as(section).isEqualTo(outcome);
    }

    @Test
    void itsFieldsTakeThePlaceOfTheStoredOnes() { // RFC 9111 §3.2
        Stored stored =
                Given.stored("ETag: \"a\" | Cache-Control: max-age=5 | X-Old: 1 | X-Both: 1 | Content-Encoding: gzip");
        HeadUpdate update = of(
                stored,
                200,
                "ETag: \"a\" | Cache-Control: max-age=60 | X-Both: 2 | Content-Encoding: br | Content-Length: 5");
        if (!(update instanceof HeadUpdate.Freshened(Stored renewed))) {
            throw new AssertionError("not freshened");
        }
        assertThat(renewed.headers().first(FieldName.of("X-Both"))).isEqualTo("2");
        assertThat(renewed.headers().first(FieldName.of("X-Old"))).isEqualTo("1");
        assertThat(renewed.headers().first(FieldName.of("Content-Encoding"))).isEqualTo("gzip");
        assertThat(renewed.headers().contains(FieldName.of("Content-Length"))).isFalse();
        assertThat(renewed.isFresh(Given.after(69))).isTrue();
        assertThat(renewed.body()).isSameAs(stored.body());
    }

    @Test
    void whatIsOutdatedIsNeverServedWithoutTheOrigin() {
        Stored stored =
                Given.stored("ETag: \"a\" | Cache-Control: max-age=60, stale-while-revalidate=60, stale-if-error=60");
        if (!(of(stored, 200, "ETag: \"b\"") instanceof HeadUpdate.Outdated(Stored outdated))) {
            throw new AssertionError("not outdated");
        }
        CacheRules rules = CacheRules.DEFAULTS;
        assertThat(Reuse.of(rules, Given.get(), Variants.of(outdated), Given.after(10)))
                .isEqualTo(new Reuse.Validate(outdated, Reason.STALE));
        assertThat(Reuse.onTrouble(rules, outdated, Reuse.Trouble.UNREACHABLE, Given.after(10)))
                .isEmpty();
    }

    @Test
    void whatIsNo200IsNotDescribedByAHead() {
        Stored gone = Given.stored(CacheRules.DEFAULTS, Given.get(), Given.response(410, "Cache-Control: max-age=9"));
        assertThat(of(gone, 200, "X: y")).isInstanceOf(HeadUpdate.Outdated.class);
    }
}
