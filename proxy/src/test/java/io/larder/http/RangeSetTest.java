package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeSetTest {
    private static String in(String value, long length) {
        return RangeSet.parse(value)
                .map(set -> set.in(length).stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" ")))
                .orElse("ignored");
    }

    @ParameterizedTest(name = "{0} of {1} -> {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            bytes=0-4                       ; 10 ; 0-4       ; RFC 9110 14.1.2
            bytes=0-0                       ; 10 ; 0-0       ; RFC 9110 14.1.2
            bytes=5-                        ; 10 ; 5-9       ; RFC 9110 14.1.2
            bytes=5-99                      ; 10 ; 5-9       ; RFC 9110 14.1.2: clamped
            bytes=9-9                       ; 10 ; 9-9       ; RFC 9110 14.1.2
            bytes=10-                       ; 10 ; ''        ; RFC 9110 14.1.2: unsatisfiable
            bytes=10-12                     ; 10 ; ''        ; RFC 9110 14.1.2
            bytes=-3                        ; 10 ; 7-9       ; RFC 9110 14.1.2
            bytes=-10                       ; 10 ; 0-9       ; RFC 9110 14.1.2
            bytes=-99                       ; 10 ; 0-9       ; RFC 9110 14.1.2: shorter than the suffix
            bytes=-0                        ; 10 ; ''        ; RFC 9110 14.1.2: of no length
            BYTES=0-4                       ; 10 ; 0-4       ; RFC 9110 14.1: units in any case
            bytes=007-008                   ; 10 ; 7-8       ; RFC 9110 14.1.2: 1*DIGIT
            bytes=0-1,3-4                   ; 10 ; 0-1 3-4   ; RFC 9110 14.1.2
            bytes=0-1 ,\t 3-4               ; 10 ; 0-1 3-4   ; RFC 9110 5.6.1
            bytes=0-1,,3-4,                 ; 10 ; 0-1 3-4   ; RFC 9110 5.6.1: empty members
            bytes=8-9,0-1                   ; 10 ; 8-9 0-1   ; RFC 9110 15.3.7.2: in the order asked for
            bytes=0-0,-1                    ; 10 ; 0-0 9-9   ; RFC 9110 14.1.2: first and last
            bytes=0-1,99-,3-4               ; 10 ; 0-1 3-4   ; RFC 9110 15.3.7.2: the satisfiable ones
            bytes=0-4,2-6                   ; 10 ; 0-6       ; RFC 9110 15.3.7.2: overlapping
            bytes=0-4,5-6                   ; 10 ; 0-6       ; RFC 9110 15.3.7.2: adjoining
            bytes=0-,0-,0-,0-               ; 10 ; 0-9       ; RFC 9110 14.2: no octet twice
            bytes=8-9,0-1,1-3               ; 10 ; 8-9 0-3   ; RFC 9110 15.3.7.2
            bytes=6-7,0-1,1-6               ; 10 ; 0-7       ; RFC 9110 15.3.7.2
            bytes=0-99999999999999999999999 ; 10 ; 0-9       ; no overflow
            bytes=99999999999999999999999-  ; 10 ; ''        ; no overflow
            bytes=-99999999999999999999999  ; 10 ; 0-9       ; no overflow
            bytes=0-4                       ; 0  ; ''        ; RFC 9110 14.1.2
            bytes=-4                        ; 0  ; ''        ; RFC 9110 14.1.2
            """)
    void ranges(String value, long length, String ranges, String section) {
        assertThat(in(value, length)).as(section).isEqualTo(ranges);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=4-2",
                "bytes=0-1,4-2",
                "bytes=0-1,x",
                "bytes=1--2",
                "bytes=--1",
                "bytes=+1-2",
                "bytes=1-2-3",
                "bytes=1 - 2",
                "bytes 0-1",
                "bytes =0-1",
                "items=0-1",
                "bytes=0-1, bytes=2-3",
                "bytes=\u0661-\u0662",
                "0-1"
            })
    void whatBreaksTheGrammarIsNoRange(String value) { // RFC 9110 §14.2: to be ignored
        assertThat(RangeSet.parse(value)).isEmpty();
    }

    @Test
    void aSetThatIsTooLongIsIgnored() { // RFC 9110 §14.2
        String full = "bytes=" + "0-0,".repeat(RangeSet.MOST);
        assertThat(RangeSet.parse(full)).isPresent();
        assertThat(RangeSet.parse(full + "0-0")).isEmpty();
    }

    @Test
    void aFieldThatIsRepeatedIsNoRange() { // RFC 9110 §5.3: no list of its own
        assertThat(RangeSet.of(Headers.of("Range", "bytes=0-1", "Range", "bytes=2-3")))
                .isEmpty();
        assertThat(RangeSet.of(Headers.of("Range", "bytes=0-1"))).isPresent();
        assertThat(RangeSet.of(Headers.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-, 0, false",
        "bytes=-1, 0, true",
        "bytes=-0, 0, false",
        "bytes=-0, 5, false",
        "bytes=5-, 5, false",
        "bytes=4-, 5, true",
        "'bytes=9-,-1', 5, true"
    })
    void satisfiable(String value, long length, boolean satisfiable) { // RFC 9110 §14.1.2
        assertThat(RangeSet.parse(value).orElseThrow().isSatisfiable(length)).isEqualTo(satisfiable);
    }

    @Test
    void positionsPastFourGigabytesStayExact() {
        assertThat(in("bytes=4294967296-4294967297,-1", 8_589_934_592L))
                .isEqualTo("4294967296-4294967297 8589934591-8589934591");
    }

    /** Against a set of bits: the same octets, none twice, runs apart. */
    @Test
    void randomSetsAgreeWithTheNaiveReading() {
        Random random = new Random(14);
        for (int round = 0; round < 50_000; round++) {
            int length = random.nextInt(30);
            BitSet wanted = new BitSet();
            StringBuilder value = new StringBuilder("bytes=");
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                value.append(member(random, length, wanted)).append(n > 1 ? "," : "");
            }
            List<ByteRange> ranges =
                    RangeSet.parse(value.toString()).orElseThrow().in(length);
            BitSet given = new BitSet();
            for (ByteRange range : ranges) {
                assertThat(given.get((int) range.first(), (int) range.last() + 1)
                                .isEmpty())
                        .as("%s of %s", value, length)
                        .isTrue();
                given.set((int) range.first(), (int) range.last() + 1);
            }
            assertThat(given).as("%s of %s", value, length).isEqualTo(wanted);
            assertThat(ranges.size()).isEqualTo(runs(wanted));
        }
    }

    private static String member(Random random, int length, BitSet wanted) {
        int a = random.nextInt(40);
        int b = a + random.nextInt(10);
        return switch (random.nextInt(3)) {
            case 0 -> {
                wanted.set(Math.min(a, length), Math.min(b + 1, length));
                yield a + "-" + b;
            }
            case 1 -> {
                wanted.set(Math.min(a, length), length);
                yield a + "-";
            }
            default -> {
                wanted.set(Math.max(0, length - a), length);
                yield "-" + a;
            }
        };
    }

    private static int runs(BitSet bits) {
        int runs = 0;
        for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
            runs++;
        }
        return runs;
    }

    @Test
    void noTextBreaksTheParsers() {
        Random random = new Random(9110);
        String[] shards = {"bytes", "=", "-", ",", " ", "0", "9", "18446744073709551616", "*", "/", "\"", "\\", "\u00e9"
        };
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "" : "bytes=");
            StringBuilder place = new StringBuilder("bytes ");
            for (int n = random.nextInt(8); n > 0; n--) {
                text.append(shards[random.nextInt(shards.length)]);
                place.append(shards[random.nextInt(shards.length)]);
            }
            long length = random.nextInt(20);
            RangeSet.parse(text.toString())
                    .ifPresent(set -> assertThat(set.in(length)).allMatch(range -> range.last() < length));
            ContentRange.parse(place.toString())
                    .ifPresent(range -> assertThat(range.range().last()).isLessThan(range.complete()));
        }
    }
}
