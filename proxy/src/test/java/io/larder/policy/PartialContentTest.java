package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartialContentTest {
    private static final CacheRules LENIENT = CacheRules.DEFAULTS.withRanges(new CacheRules.Ranges(true, false));

    private static String outcome(CacheRules rules, String range, String response) {
        Request request = Given.get().withHeaders(Given.headers(range));
        Response partial = Given.response(206, response); // five octets
        return switch (PartialContent.of(rules, request, partial, Given.NOW, Given.NOW)) {
            case PartialContent.Keep keep -> keep.range().toString();
            case PartialContent.Refuse(Reason why) -> why.name();
        };
    }

    @ParameterizedTest(name = "{0}, {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; bytes 0-4/10 ; RFC 9111 3.3
            Range: bytes=5-     ; Cache-Control: max-age=60 | Content-Range: bytes 5-9/10  ; bytes 5-9/10 ; RFC 9111 3.3
            Range: bytes=-5     ; Cache-Control: max-age=60 | Content-Range: bytes 5-9/10  ; bytes 5-9/10 ; RFC 9111 3.3
            Range: bytes=0-9    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; bytes 0-4/10 ; RFC 9110 15.3.7: a part of what was asked for
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes 5-9/10  ; PARTIAL ; another range than asked for
            Range: bytes=-5     ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL ; another range than asked for
            Range: bytes=0-3    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL ; more than asked for
            X: y                ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL ; unasked
            Range: lines=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL ; asked in another unit
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: lines 0-4/10  ; PARTIAL ; RFC 9111 3.3: not understood
            Range: bytes=0-4    ; Cache-Control: max-age=60                                ; PARTIAL ; RFC 9110 15.3.7.1
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/*   ; PARTIAL ; nobody could tell what is missing
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes */10    ; PARTIAL ; RFC 9110 14.4
            Range: bytes=0-5    ; Cache-Control: max-age=60 | Content-Range: bytes 0-5/10  ; PARTIAL ; longer than its body
            Range: bytes=0-4    ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10 | Content-Range: bytes 0-4/10 ; PARTIAL ; RFC 9110 14.4: one
            Range: bytes=0-1,3- ; Cache-Control: max-age=60 | Content-Type: multipart/byteranges ; PARTIAL ; RFC 9110 15.3.7.2
            Range: bytes=0-1,0- ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL ; asked for several
            Range: bytes=0-4    ; Cache-Control: no-store | Content-Range: bytes 0-4/10    ; NO_STORE ; RFC 9111 5.2.2.5
            Range: bytes=0-4    ; Cache-Control: private | Content-Range: bytes 0-4/10     ; PRIVATE ; RFC 9111 5.2.2.7
            Range: bytes=0-4    ; Set-Cookie: a=b | Content-Range: bytes 0-4/10            ; SET_COOKIE ; cache.set-cookie
            Range: bytes=0-4    ; Vary: * | Content-Range: bytes 0-4/10                    ; VARY_STAR ; RFC 9111 4.1
            Range: bytes=0-4    ; Content-Range: bytes 0-4/10                              ; NO_FRESHNESS ; RFC 9111 3
            Range: bytes=0-4 | Authorization: x ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10 ; AUTHORIZATION ; RFC 9111 3.5
            """)
    void strictly(String request, String response, String outcome, String section) {
        assertThat(outcome(CacheRules.DEFAULTS, request, response)).as(section).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            Range: bytes=-5     ; Cache-Control: max-age=60 | Content-Range: bytes 4-9/10  ; bytes 4-9/10
            Range: bytes=-5     ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; bytes 0-4/10
            X: y                ; Cache-Control: max-age=60 | Content-Range: bytes 0-4/10  ; PARTIAL
            Range: bytes=0-4    ; Cache-Control: no-store | Content-Range: bytes 0-4/10    ; NO_STORE
            """)
    void leniently(String request, String response, String outcome) {
        assertThat(outcome(LENIENT, request, response)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            bytes 0-4/10 ; 5 ; false ; bytes 0-4/10
            bytes 4-9/10 ; 5 ; false ; -
            bytes 4-9/10 ; 7 ; false ; -
            bytes 4-9/10 ; 5 ; true  ; bytes 4-8/9
            bytes 2-9/20 ; 5 ; true  ; bytes 2-6/20
            bytes 4-9/10 ; 7 ; true  ; -
            bytes 4-9/10 ; 0 ; true  ; -
            """)
    void whatCame(String said, long length, boolean lenient, String came) {
        Optional<ContentRange> range =
                PartialContent.received(ContentRange.parse(said).orElseThrow(), length, lenient);
        assertThat(range.map(ContentRange::toString).orElse("-")).isEqualTo(came);
    }

    @Test
    void aLengthThatIsNotDeclaredIsLookedAtInTheEnd() {
        Response endless = Given.response(206, "Cache-Control: max-age=60 | Content-Range: bytes 0-3/10")
                .withBody(new Body.Live(io.larder.http.Sources.of(Bytes.EMPTY), Body.UNKNOWN));
        assertThat(PartialContent.of(
                        CacheRules.DEFAULTS, Given.get("Range", "bytes=0-3"), endless, Given.NOW, Given.NOW))
                .isInstanceOf(PartialContent.Keep.class);
    }

    @ParameterizedTest(name = "{0} to a request with a range is stored: {1}")
    @CsvSource({"200, true", "206, false", "404, false", "416, false", "400, false", "301, false", "503, false"})
    void onlyTheWholeIsStoredAsSuchOfWhatARangeBrought(int status, boolean stored) {
        Response response = Given.response(status, "Cache-Control: max-age=60 | ETag: \"a\"");
        assertThat(
                        Given.storability(CacheRules.DEFAULTS, Given.get("Range", "bytes=0-4"), response)
                                instanceof Storability.Keep)
                .isEqualTo(stored);
    }
}
