package io.larder.store.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Encodings;
import io.larder.policy.Stored;
import io.larder.store.format.Decoded.Foreign;
import io.larder.store.format.Decoded.Whole;
import io.larder.store.format.Decoded.Why;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Octets that are too many for one value go in chunks, and come back whole or not at all. */
class StoredFormatChunksTest {
    private static final int CHUNK = StoredFormat.CHUNK;
    private static final int FRAME = 12;
    private static final long GENERATION = 0x0123456789abcdefL;
    private static final CacheKey KEY = Specimens.key("http://shop.example/film");
    private static final AsOf AS_OF = new AsOf(3, 4);
    private static final Stored.Head HEAD =
            StoredFormatTest.page(CacheRules.Negotiation.DEFAULTS).head();
    private static final Stored FILM = new Stored(HEAD, octets(3 * CHUNK));
    private static final StoredFormat.Encoded ENCODED = encode(FILM, GENERATION);

    private static Bytes octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Bytes.of(octets);
    }

    private static StoredFormat.Encoded encode(Stored stored, long generation) {
        return StoredFormat.encode(KEY, stored, AS_OF, generation);
    }

    private static Chunked opened(StoredFormat.Encoded encoded) {
        return (Chunked) StoredFormat.decode(KEY, encoded.head());
    }

    /** How many octets a body must have for its envelope to be as large as one value may be. */
    private static int largestWhole() {
        return CHUNK - encode(new Stored(HEAD, Bytes.EMPTY), 0).head().length;
    }

    @Test
    void whatFitsIntoOneValueStaysInOne() {
        StoredFormat.Encoded whole = encode(new Stored(HEAD, octets(largestWhole())), GENERATION);
        assertThat(whole.chunks()).isEmpty();
        assertThat(whole.head()).hasSize(CHUNK);
        StoredFormat.Encoded cut = encode(new Stored(HEAD, octets(largestWhole() + 1)), GENERATION);
        assertThat(cut.chunks()).hasSize(1);
        assertThat(cut.head()).hasSizeLessThan(2048);
    }

    @ParameterizedTest(name = "{0} more octets than two chunks hold")
    @ValueSource(ints = {-1, 0, 1, 100_000})
    void theOctetsComeBack(int more) {
        Stored written = new Stored(HEAD, octets(2 * (CHUNK - FRAME) + more));
        StoredFormat.Encoded encoded = encode(written, GENERATION);
        assertThat(encoded.chunks()).hasSize(more > 0 ? 3 : 2).allMatch(chunk -> chunk.length <= CHUNK);
        Chunked opened = opened(encoded);
        assertThat(opened.count()).isEqualTo(encoded.chunks().size());
        assertThat(opened.generation()).isEqualTo(GENERATION);
        assertThat(opened.asOf()).isEqualTo(AS_OF);
        assertThat(opened.response()).isEqualTo(HEAD);
        Whole read = (Whole) opened.with(encoded.chunks());
        assertThat(read.key()).isEqualTo(KEY);
        assertThat(read.asOf()).isEqualTo(AS_OF);
        StoredFormatTest.assertSame(read.stored(), written);
        assertThat(read.stored().body().segments())
                .allMatch(segment -> segment.length() <= Bytes.SEGMENT && segment.length() == segment.array().length);
    }

    @Test
    void bothFormsShareTheChunks() {
        Stored written = Encodings.with(new Stored(HEAD, octets(CHUNK - 1000)), octets(CHUNK / 2));
        assertThat(written.gzipped()).isNotNull();
        StoredFormat.Encoded encoded = encode(written, GENERATION);
        assertThat(encoded.chunks()).hasSize(2);
        StoredFormatTest.assertSame(((Whole) opened(encoded).with(encoded.chunks())).stored(), written);
    }

    @Test
    void fieldsAloneAreNotCut() {
        Stored.Head large = new Stored.Head(
                200,
                "OK",
                HEAD.headers().with(FieldName.of("X-Large"), "x".repeat(CHUNK)),
                HEAD.surrogate(),
                HEAD.vary(),
                HEAD.age(),
                HEAD.freshness(),
                HEAD.use());
        Stored written = new Stored(large, Bytes.EMPTY);
        StoredFormat.Encoded encoded = encode(written, GENERATION);
        assertThat(encoded.chunks()).isEmpty();
        StoredFormatTest.assertSame(((Whole) StoredFormat.decode(KEY, encoded.head())).stored(), written);
    }

    static Stream<Arguments> spoilt() {
        List<byte[]> other = encode(FILM, GENERATION + 1).chunks();
        List<byte[]> newer =
                encode(new Stored(HEAD, octets(3 * CHUNK + 1)), GENERATION).chunks();
        return Stream.of(
                spoilt("none", chunks -> List.of(), Why.MISSING_CHUNK),
                spoilt("the last one missing", chunks -> chunks.subList(0, 3), Why.MISSING_CHUNK),
                spoilt("the first one missing", chunks -> chunks.subList(1, 4), Why.ANOTHER_CHUNK),
                spoilt("one not found", chunks -> replaced(chunks, 2, null), Why.MISSING_CHUNK),
                spoilt(
                        "two swapped",
                        chunks -> replaced(replaced(chunks, 0, chunks.get(1)), 1, chunks.get(0)),
                        Why.ANOTHER_CHUNK),
                spoilt("one twice", chunks -> replaced(chunks, 1, chunks.get(0)), Why.ANOTHER_CHUNK),
                spoilt("one of another generation", chunks -> replaced(chunks, 1, other.get(1)), Why.ANOTHER_CHUNK),
                spoilt("all of another generation", chunks -> other, Why.ANOTHER_CHUNK),
                spoilt("a generation given twice", chunks -> replaced(chunks, 0, newer.get(0)), Why.CHECKSUM),
                spoilt("one empty", chunks -> replaced(chunks, 1, new byte[0]), Why.TRUNCATED),
                spoilt(
                        "one cut",
                        chunks -> replaced(chunks, 1, Arrays.copyOf(chunks.get(1), CHUNK - 1)),
                        Why.TRUNCATED),
                spoilt(
                        "one longer",
                        chunks -> replaced(chunks, 1, Arrays.copyOf(chunks.get(1), CHUNK + 1)),
                        Why.CHECKSUM),
                spoilt("an octet garbled", chunks -> replaced(chunks, 1, flipped(chunks.get(1), 99_999)), Why.CHECKSUM),
                spoilt(
                        "the last octet garbled",
                        chunks -> replaced(chunks, 3, flipped(chunks.get(3), chunks.get(3).length - 1)),
                        Why.CHECKSUM),
                spoilt("a frame garbled", chunks -> replaced(chunks, 1, flipped(chunks.get(1), 3)), Why.ANOTHER_CHUNK));
    }

    private static Arguments spoilt(String how, UnaryOperator<List<byte[]>> spoiling, Why why) {
        return Arguments.of(how, spoiling, why);
    }

    private static List<byte[]> replaced(List<byte[]> chunks, int place, byte @Nullable [] by) {
        List<byte[]> all = new ArrayList<>(chunks);
        all.set(place, by);
        return all;
    }

    private static byte[] flipped(byte[] octets, int at) {
        byte[] flipped = octets.clone();
        flipped[at] = (byte) ~flipped[at];
        return flipped;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoilt")
    void chunksThatAreNotThoseOfTheEnvelopeAreForeign(String how, UnaryOperator<List<byte[]>> spoiling, Why why) {
        assertThat(opened(ENCODED).with(ENCODED.chunks())).isInstanceOf(Whole.class);
        assertThat(opened(ENCODED).with(spoiling.apply(ENCODED.chunks())))
                .as(how)
                .isEqualTo(new Foreign(why));
    }

    @Test
    void whatIsFoundBesideTheChunksDoesNotMatter() {
        List<byte[]> more = new ArrayList<>(ENCODED.chunks());
        more.add(new byte[7]);
        assertThat(opened(ENCODED).with(more)).isInstanceOf(Whole.class);
    }

    static Stream<Arguments> contradictions() {
        byte[] one = Forgery.join(Forgery.number(FRAME + 5, 4), Forgery.number(0, 4));
        return Stream.of(
                Arguments.of("no chunks", table(0, -1, 0)),
                Arguments.of("no chunks for a body", table(5, -1, 0)),
                Arguments.of("less than the body", table(6, -1, 1, one)),
                Arguments.of("more than the body", table(4, -1, 1, one)),
                Arguments.of("less than both forms", table(4, 2, 1, one)),
                Arguments.of("a sum that comes round", table(Long.MAX_VALUE, Long.MAX_VALUE, 1, one)),
                Arguments.of("a body of less than nothing", table(-1, 6, 1, one)),
                Arguments.of("a form of less than nothing", table(5, -2, 1, one)),
                Arguments.of("more chunks than are listed", table(5, -1, 2, one)),
                Arguments.of("many more chunks", table(5, -1, -1, one)),
                Arguments.of("fewer chunks than are listed", table(5, -1, 1, one, one)),
                Arguments.of("an empty chunk", table(0, -1, 1, Forgery.number(FRAME, 4), new byte[4])),
                Arguments.of("a chunk of less than nothing", table(0, -1, 1, Forgery.number(-1, 4), new byte[4])),
                Arguments.of(
                        "a chunk that is too large",
                        table(CHUNK - FRAME + 1, -1, 1, Forgery.number(CHUNK + 1, 4), new byte[4])));
    }

    private static byte[] table(long body, long gzipped, int count, byte[]... chunks) {
        return Forgery.join(
                Forgery.number(GENERATION, 8),
                Forgery.number(body, 8),
                Forgery.number(gzipped, 8),
                Forgery.number(count, 4),
                Forgery.join(chunks));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    void aTableThatContradictsItselfIsMalformed(String how, byte[] table) {
        byte[] forged = Forgery.of(ENCODED.head()).with(34, table).envelope();
        assertThat(StoredFormat.decode(KEY, forged)).as(how).isEqualTo(new Foreign(Why.MALFORMED));
    }
}
