package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Response;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    private static final CacheRules.Ranges STRICT = CacheRules.Ranges.DEFAULTS;
    private static final CacheRules.Ranges LENIENT = new CacheRules.Ranges(true, false);

    private static Parts parts(String fields, long first, long last) {
        ContentRange range = new ContentRange(new ByteRange(first, last), 10);
        Bytes octets = Bytes.utf8("0123456789".substring((int) first, (int) last + 1));
        return Parts.of(Given.stored("Cache-Control: max-age=60 | " + fields).head(), range, octets);
    }

    @ParameterizedTest
    @CsvSource({"0, 4, bytes=5-", "5, 9, bytes=0-4", "0, 8, bytes=9-"})
    void whatIsMissingIsAskedForUnderTheConditionThatNothingChanged(long first, long last, String range) {
        Completion completion = Completion.of(STRICT, parts("ETag: \"a\"", first, last), Given.NOW)
                .orElseThrow();
        assertThat(completion.request(Given.get("Range", "bytes=0-0", "X", "y")).headers())
                .isEqualTo(Given.headers("X: y | Range: " + range + " | If-Range: \"a\""));
    }

    @Test
    void aGapInTheMiddleIsAskedForByItself() {
        Parts ends = parts("ETag: \"a\"", 0, 2).with(parts("ETag: \"a\"", 6, 9), 100);
        Completion completion = Completion.of(STRICT, ends, Given.NOW).orElseThrow();
        assertThat(completion.request(Given.get()).headers())
                .isEqualTo(Given.headers("Range: bytes=3-5 | If-Range: \"a\""));
        assertThat(completion.before().toUtf8()).isEqualTo("012");
        assertThat(completion.after().toUtf8()).isEqualTo("6789");
    }

    @Test
    void severalGapsAreNotFilled() {
        assertThat(Completion.of(STRICT, parts("ETag: \"a\"", 3, 4), Given.NOW)).isEmpty();
    }

    @Test
    void withoutAStrongValidatorOnlyTheLenientAsk() { // RFC 9111 §3.4
        assertThat(Completion.of(STRICT, parts("ETag: W/\"a\"", 0, 4), Given.NOW))
                .isEmpty();
        Optional<Completion> lenient = Completion.of(LENIENT, parts("X: y", 0, 4), Given.NOW);
        assertThat(lenient.orElseThrow().request(Given.get()).headers()).isEqualTo(Given.headers("Range: bytes=5-"));
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource(delimiter = ';', textBlock = """
            206 ; ETag: "a" | Content-Range: bytes 5-9/10                        ; Completed
            206 ; ETag: "b" | Content-Range: bytes 5-9/10                        ; Useless
            206 ; ETag: W/"a" | Content-Range: bytes 5-9/10                      ; Useless
            206 ; Content-Range: bytes 5-9/10                                    ; Useless
            206 ; ETag: "a" | Content-Range: bytes 4-8/10                        ; Useless
            206 ; ETag: "a" | Content-Range: bytes 5-9/11                        ; Useless
            206 ; ETag: "a" | Content-Range: bytes 5-9/*                         ; Useless
            206 ; ETag: "a"                                                      ; Useless
            206 ; ETag: "a" | Content-Range: bytes 5-9/10 | Content-Range: bytes 5-9/10 ; Useless
            416 ; Content-Range: bytes */3                                       ; Useless
            200 ; ETag: "b"                                                      ; Replaced
            404 ; X: y                                                           ; Passed
            304 ; ETag: "a"                                                      ; Passed
            503 ; X: y                                                           ; Passed
            """)
    void whatTheAnswerMakesOfIt(int status, String fields, String outcome) {
        Completion completion =
                Completion.of(STRICT, parts("ETag: \"a\"", 0, 4), Given.NOW).orElseThrow();
        assertThat(completion
                        .of(Given.response(status, fields), Given.NOW)
                        .getClass()
                        .getSimpleName())
                .isEqualTo(outcome);
    }

    @Test
    void aPartOfUndeclaredLengthIsNotTrusted() {
        Completion completion =
                Completion.of(STRICT, parts("ETag: \"a\"", 0, 4), Given.NOW).orElseThrow();
        Response endless = Given.response(206, "ETag: \"a\" | Content-Range: bytes 5-9/10")
                .withBody(new Body.Live(io.larder.http.Sources.of(Given.BODY), Body.UNKNOWN));
        assertThat(completion.of(endless, Given.NOW)).isEqualTo(Completion.Useless.PARTS);
    }

    @Test
    void whatOriginsSayToGatewaysAloneHoldsForTheWhole() { // a 206 for an If-Range may leave it out (RFC 9110 §15.3.7)
        Completion completion = Completion.of(
                        STRICT,
                        parts("ETag: \"a\" | Surrogate-Key: shirts | Surrogate-Control: max-age=9", 0, 4),
                        Given.NOW)
                .orElseThrow();
        Response rest = Given.response(206, "ETag: \"a\" | Content-Range: bytes 5-9/10");
        assertThat(completion.of(rest, Given.NOW))
                .isInstanceOfSatisfying(
                        Completion.Completed.class,
                        whole -> assertThat(whole.headers().toString())
                                .contains("Surrogate-Key: shirts", "Surrogate-Control: max-age=9"));
    }
}
