package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Fields;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsTest {
    private static final String WHOLE = "0123456789";
    private static final String FIELDS = "Cache-Control: max-age=60 | ETag: \"a\"";

    private static Parts parts(String fields, long first, long last) {
        ContentRange range = new ContentRange(new ByteRange(first, last), WHOLE.length());
        return Parts.of(Given.stored(fields).head(), range, Bytes.utf8(WHOLE.substring((int) first, (int) last + 1)));
    }

    private static Parts parts(long first, long last) {
        return parts(FIELDS, first, last);
    }

    @Test
    void itIsStoredAsA206ThatSaysWhereItsOctetsBelong() {
        Stored stored = parts(2, 4).with(parts(7, 9), 100).stored();
        assertThat(stored.status()).isEqualTo(206);
        assertThat(stored.headers().all(Fields.CONTENT_RANGE)).containsExactly("bytes 2-4/10", "bytes 7-9/10");
        assertThat(stored.body().toUtf8()).isEqualTo("234789");
        assertThat(Parts.of(stored))
                .hasValueSatisfying(
                        again -> assertThat(again.runs()).containsExactly(new ByteRange(2, 4), new ByteRange(7, 9)));
    }

    @Test
    void whatIsNoSuchThingIsNotTakenForIt() {
        assertThat(Parts.of(Given.stored(FIELDS))).isEmpty();
        Stored part = parts(2, 4).stored();
        assertThat(Parts.of(new Stored(part.head(), Bytes.utf8("12345")))).isEmpty();
        assertThat(Parts.of(
                        new Stored(part.head().withHeaders(part.headers().without(Fields.CONTENT_RANGE)), part.body())))
                .isEmpty();
    }

    @Test
    void octetsThatAreNotThereAreNotGiven() {
        assertThatThrownBy(() -> parts(2, 4).octets(new ByteRange(4, 5))).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whenNothingIsMissingItIsTheWhole() {
        Parts all = parts(0, 4).with(parts(FIELDS + " | X: new", 5, 9), 100);
        assertThat(all.isWhole()).isTrue();
        assertThat(all.gap()).isEmpty();
        assertThat(all.whole().status()).isEqualTo(200);
        assertThat(all.whole().body().toUtf8()).isEqualTo(WHOLE);
        assertThat(all.whole().headers().contains(Fields.CONTENT_RANGE)).isFalse();
        assertThat(all.whole().headers().toString()).contains("X: new");
    }

    @Test
    void newerFieldsReplaceOlderOnes() { // RFC 9111 §3.4
        Parts all = parts(FIELDS + " | A: old | B: old", 0, 1).with(parts(FIELDS + " | A: new", 5, 9), 100);
        assertThat(all.fields().toString())
                .contains("A: new")
                .contains("B: old")
                .doesNotContain("A: old");
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(delimiter = ';', textBlock = """
            ETag: "a"                                       ; ETag: "a"                          ; true
            ETag: "a"                                       ; ETag: "b"                          ; false
            ETag: W/"a"                                     ; ETag: W/"a"                        ; false
            ETag: "a"                                       ; X: y                               ; false
            ETag: "a" | Surrogate-Key: x y                  ; ETag: "a" | Surrogate-Key: y x     ; true
            ETag: "a" | Surrogate-Key: x y                  ; ETag: "a"                          ; false
            X: y                                            ; X: y                               ; false
            Last-Modified: [-9] | Date: [+0]                ; Last-Modified: [-9] | Date: [+0]   ; true
            Last-Modified: [-9] | Date: [-9]                ; Last-Modified: [-9] | Date: [-9]   ; false
            Last-Modified: [-9] | Date: [+0]                ; Last-Modified: [-8] | Date: [+0]   ; false
            ETag: W/"a" | Last-Modified: [-9] | Date: [+0]  ; ETag: W/"a" | Last-Modified: [-9] | Date: [+0] ; false
            ETag: "a" | Last-Modified: [-9]                 ; ETag: "a" | Last-Modified: [-5]    ; true
            """)
    void onlyAStrongValidatorPutsPartsTogether(String one, String other, boolean fits) { // RFC 9111 §3.4
        String fresh = "Cache-Control: max-age=60 | ";
        assertThat(parts(fresh + one, 0, 1).fits(parts(fresh + other, 2, 3), Given.NOW))
                .isEqualTo(fits);
    }

    @Test
    void partsOfAnotherLengthAreOfAnotherRepresentation() {
        ContentRange longer = new ContentRange(new ByteRange(0, 1), 11);
        Parts other = Parts.of(Given.stored(FIELDS).head(), longer, Bytes.utf8("01"));
        assertThat(parts(0, 1).fits(other, Given.NOW)).isFalse();
    }

    @Test
    void pastTheLimitsOnlyTheNewestIsKept() {
        assertThat(parts(0, 3).with(parts(6, 9), 7).runs()).containsExactly(new ByteRange(6, 9));
        Parts many = single(0);
        for (int i = 1; i <= Parts.MOST; i++) {
            many = many.with(single(2 * i), 1000);
            assertThat(many.runs()).hasSize(i < Parts.MOST ? i + 1 : 1);
        }
    }

    /** Against an array of what is known. */
    @Test
    void randomPartsAgreeWithTheNaiveReading() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            BitSet known = new BitSet();
            Parts all = null;
            for (int n = random.nextInt(8); n >= 0; n--) {
                int first = random.nextInt(WHOLE.length());
                int last = first + random.nextInt(WHOLE.length() - first);
                known.set(first, last + 1);
                Parts next = parts(first, last);
                all = all == null ? next : all.with(next, 100);
                agrees(Parts.of(all.stored()).orElseThrow(), known);
            }
        }
    }

    private static void agrees(Parts parts, BitSet known) {
        assertThat(parts.isWhole()).isEqualTo(known.cardinality() == WHOLE.length());
        int gaps = 0;
        for (int first = 0; first < WHOLE.length(); first++) {
            gaps += !known.get(first) && (first == 0 || known.get(first - 1)) ? 1 : 0;
            for (int last = first; last < WHOLE.length(); last++) {
                ByteRange range = new ByteRange(first, last);
                boolean there = known.nextClearBit(first) > last;
                assertThat(parts.have(range)).isEqualTo(there);
                if (there) {
                    assertThat(parts.octets(range).toUtf8()).isEqualTo(WHOLE.substring(first, last + 1));
                }
            }
        }
        Optional<ByteRange> gap = parts.gap();
        assertThat(gap.isPresent()).isEqualTo(gaps == 1);
        gap.ifPresent(missing -> {
            assertThat(missing.first()).isEqualTo(known.nextClearBit(0));
            assertThat(known.get((int) missing.first(), (int) missing.last() + 1)
                            .isEmpty())
                    .isTrue();
        });
    }

    @Test
    void manySmallPartsDoNotStayScattered() {
        Parts all = single(0);
        for (int i = 1; i < 1_000; i++) {
            all = all.with(single(i), 2_000);
            assertThat(all.stored().body().segments()).hasSizeLessThan(100);
        }
        assertThat(all.runs()).containsExactly(new ByteRange(0, 999));
    }

    private static Parts single(int at) {
        ContentRange range = new ContentRange(new ByteRange(at, at), 2_000);
        return Parts.of(Given.stored(FIELDS).head(), range, Bytes.utf8("x"));
    }
}
