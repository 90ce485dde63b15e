package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortionTest {
    private static String portion(Request request, int status, Headers headers, long length) {
        return switch (Portion.of(request, status, headers, length, Given.NOW)) {
            case Portion.All all -> "all";
            case Portion.Nothing nothing -> "nothing";
            case Portion.One(ByteRange range) -> range.first() + "-" + range.last();
            case Portion.Several(List<ByteRange> ranges) ->
                ranges.stream().map(range -> range.first() + "-" + range.last()).collect(Collectors.joining(" "));
        };
    }

    @ParameterizedTest(name = "{0} on {1} {2} of {3} -> {4} ({5})")
    @CsvSource(delimiter = ';', textBlock = """
            X: y                                        ; 200 ; ETag: "a"  ; 10 ; all      ; no range
            Range: bytes=0-4                            ; 200 ; ETag: "a"  ; 10 ; 0-4      ; RFC 9110 14.2
            Range: bytes=0-4                            ; 200 ; X: y       ; 10 ; 0-4      ; RFC 9110 14.2: validators or none
            Range: bytes=0-4,8-9                        ; 200 ; ETag: "a"  ; 10 ; 0-4 8-9  ; RFC 9110 15.3.7.2
            Range: bytes=10-                            ; 200 ; ETag: "a"  ; 10 ; nothing  ; RFC 9110 15.5.17
            Range: bytes=10-,-0                         ; 200 ; ETag: "a"  ; 10 ; nothing  ; RFC 9110 15.5.17
            Range: bytes=-5                             ; 200 ; ETag: "a"  ; 0  ; all      ; RFC 9110 14.1.2: the whole of nothing
            Range: bytes=0-                             ; 200 ; ETag: "a"  ; 0  ; nothing  ; RFC 9110 14.1.2
            Range: bytes=0-4                            ; 200 ; ETag: "a"  ; -1 ; all      ; nobody knows the length
            Range: bytes=4-0                            ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 14.2: invalid
            Range: pages=0-4                            ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 14.2: another unit
            Range: bytes=0-4                            ; 404 ; ETag: "a"  ; 10 ; all      ; RFC 9110 14.2: where it would be a 200
            Range: bytes=0-4                            ; 203 ; ETag: "a"  ; 10 ; all      ; RFC 9110 14.2
            Range: bytes=0-4 | If-Range: "a"            ; 200 ; ETag: "a"  ; 10 ; 0-4      ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: "b"            ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: W/"a"          ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 13.1.5: strongly
            Range: bytes=0-4 | If-Range: W/"a"          ; 200 ; ETag: W/"a"; 10 ; all      ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: "a"            ; 200 ; ETag: W/"a"; 10 ; all      ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: "a"            ; 200 ; X: y       ; 10 ; all      ; RFC 9110 13.1.5
            Range: bytes=99- | If-Range: "b"            ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 14.2: If-Range comes first
            Range: bytes=0-4 | If-Range: "a", "b"       ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 13.1.5: no list
            Range: bytes=0-4 | If-Range: "a" | If-Range: "a" ; 200 ; ETag: "a" ; 10 ; all  ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: *              ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: [-9]           ; 200 ; Last-Modified: [-9] | Date: [+0] ; 10 ; 0-4 ; RFC 9110 13.1.5
            Range: bytes=0-4 | If-Range: [-9]           ; 200 ; Last-Modified: [-9] | Date: [-8] ; 10 ; 0-4 ; RFC 9110 8.8.2.2: a second apart
            Range: bytes=0-4 | If-Range: [-9]           ; 200 ; Last-Modified: [-9] | Date: [-9] ; 10 ; all ; RFC 9110 8.8.2.2: weak
            Range: bytes=0-4 | If-Range: [-9]           ; 200 ; Last-Modified: [-9]              ; 10 ; all ; RFC 9110 8.8.2.2: weak
            Range: bytes=0-4 | If-Range: [-8]           ; 200 ; Last-Modified: [-9] | Date: [+0] ; 10 ; all ; RFC 9110 13.1.5: exactly
            Range: bytes=0-4 | If-Range: [-10]          ; 200 ; Last-Modified: [-9] | Date: [+0] ; 10 ; all ; RFC 9110 13.1.5: exactly
            Range: bytes=0-4 | If-Range: nonsense       ; 200 ; Last-Modified: [-9] | Date: [+0] ; 10 ; all ; RFC 9110 13.1.5
            If-Range: "b"                               ; 200 ; ETag: "a"  ; 10 ; all      ; RFC 9110 13.1.5: nothing without Range
            """)
    void portions(String request, int status, String response, long length, String portion, String section) {
        Request ranged = Given.get().withHeaders(Given.headers(request));
        assertThat(portion(ranged, status, Given.headers(response), length))
                .as(section)
                .isEqualTo(portion);
    }

    @Test
    void rangesAreForGetOnly() { // RFC 9110 §14.2
        Request head = Given.get("Range", "bytes=0-1").withMethod("HEAD");
        assertThat(portion(head, 200, Headers.EMPTY, 10)).isEqualTo("all");
        assertThat(Portion.forAll(head)).isSameAs(head);
    }

    @Test
    void theSameForAllOfItHasNoRange() {
        Request ranged = Given.get("Range", "bytes=0-1", "If-Range", "\"a\"", "X", "y");
        assertThat(Portion.forAll(ranged).headers()).isEqualTo(Headers.of("X", "y"));
        assertThat(Portion.isUnderstood(ranged)).isTrue();
        assertThat(Portion.isUnderstood(Given.get("Range", "lines=1-2"))).isFalse();
        assertThat(portion(Portion.forAll(ranged), 200, Headers.EMPTY, Body.UNKNOWN))
                .isEqualTo("all");
    }
}
