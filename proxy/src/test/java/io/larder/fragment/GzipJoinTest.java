package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever parts are joined: everybody reads from the stream what was put in. */
class GzipJoinTest {
    private static final int[] LENGTHS = {0, 1, 63, 64, 65, 1_000, 16_384, 65_535, 65_536, 131_070, 131_071, 200_000};

    private final Random random = new Random(1951);

    private static Bytes joined(List<GzipPart> parts) {
        GzipJoin join = new GzipJoin();
        List<Bytes> stream = new ArrayList<>(List.of(join.start()));
        parts.forEach(part -> stream.add(join.add(part)));
        stream.add(join.finish());
        return Bytes.concat(stream);
    }

    /** Checks the CRC and the length as well. */
    private static byte[] inflated(Bytes stream) throws IOException {
        try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(stream.toArray()))) {
            return input.readAllBytes();
        }
    }

    private byte[] noise(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private byte[] words(int length) {
        byte[] octets = new byte[length];
        byte[] word = "<li class=\"item\">larder</li>\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            octets[i] = word[random.nextInt(40) == 0 ? random.nextInt(word.length) : i % word.length];
        }
        return octets;
    }

    /** In segments of any lengths, each somewhere inside its array. */
    private Bytes cut(byte[] octets) {
        List<Bytes> segments = new ArrayList<>();
        for (int at = 0; at < octets.length; ) {
            int length = Math.min(octets.length - at, 1 + random.nextInt(random.nextBoolean() ? 100_000 : 3_000));
            byte[] array = new byte[length + 7];
            System.arraycopy(octets, at, array, 3, length);
            segments.add(Bytes.of(array, 3, length));
            at += length;
        }
        return Bytes.concat(segments);
    }

    private Bytes content() {
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        return cut(random.nextBoolean() ? noise(length) : words(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 6, 9})
    void anyPartsInAnyOrder(int level) throws IOException {
        for (int round = 0; round < 40; round++) {
            List<Bytes> contents = new ArrayList<>();
            List<GzipPart> parts = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                Bytes content = content();
                contents.add(content);
                parts.add(GzipPart.of(content, level));
            }
            Bytes stream = joined(parts);
            assertThat(inflated(stream)).isEqualTo(Bytes.concat(contents).toArray());
            long blocks =
                    parts.stream().mapToLong(part -> part.blocks().length()).sum();
            assertThat(stream.length()).isEqualTo(GzipJoin.FRAME + blocks);
        }
    }

    @Test
    void everyLengthAlone() throws IOException {
        for (int length : LENGTHS) {
            for (byte[] content : List.of(noise(length), words(length))) {
                GzipPart part = GzipPart.of(Bytes.of(content), 6);
                assertThat(part.length()).isEqualTo(length);
                assertThat(part.crc()).isEqualTo(Checksum.of(Bytes.of(content)).crc());
                assertThat(inflated(joined(List.of(part)))).isEqualTo(content);
            }
        }
    }

    @Test
    void nothingIsAStreamToo() throws IOException {
        assertThat(inflated(joined(List.of()))).isEmpty();
        assertThat(inflated(joined(List.of(GzipPart.of(Bytes.EMPTY, 6))))).isEmpty();
    }

    @Test
    void partsAreShared() throws IOException {
        byte[] content = words(5_000);
        GzipPart part = GzipPart.of(Bytes.of(content), 6);
        GzipPart dash = GzipPart.of(Bytes.utf8("-"), 6);
        Bytes whole = Bytes.concat(List.of(Bytes.of(content), Bytes.utf8("-"), Bytes.of(content)));
        assertThat(inflated(joined(List.of(part, dash, part)))).isEqualTo(whole.toArray());
        assertThat(inflated(joined(List.of(part)))).isEqualTo(content);
    }

    @Test
    void whatShrinksIsCompressed() {
        GzipPart part = GzipPart.of(Bytes.of(words(100_000)), 6);
        assertThat(part.blocks().length()).isLessThan(30_000);
        assertThat(part.weight())
                .isBetween(part.blocks().length(), part.blocks().length() + 200);
    }

    @Test
    void whatDoesNotShrinkIsSharedAsItLies() {
        byte[] content = noise(200_000);
        GzipPart part = GzipPart.of(Bytes.of(content), 9);
        assertThat(part.blocks().length()).isEqualTo(200_000 + 4 * 5);
        assertThat(part.blocks().segments())
                .filteredOn(segment -> segment.array().length > 5)
                .hasSize(4)
                .allSatisfy(segment -> assertThat(segment.array()).isSameAs(content));
        assertThat(part.weight()).isGreaterThan(200_000);
    }

    /** Pieces of the compressed stream that end just where a buffer does. */
    @Test
    void lengthsAroundTheBuffers() throws IOException {
        byte[] whole = noise(19_500);
        for (int i = 0; i < whole.length; i++) {
            whole[i] &= 0x7f; // shrinks a little
        }
        for (int length = 18_500; length < whole.length; length++) {
            byte[] content = Arrays.copyOf(whole, length);
            GzipPart part = GzipPart.of(Bytes.of(content), 1);
            assertThat(inflated(joined(List.of(part, part))))
                    .hasSize(2 * length)
                    .startsWith(content)
                    .endsWith(content);
        }
    }

    @Test
    void pythonReadsIt() throws IOException, InterruptedException {
        List<Bytes> contents = List.of(
                Bytes.of(noise(70_000)),
                Bytes.EMPTY,
                Bytes.of(words(200_000)),
                Bytes.utf8("x"),
                Bytes.of(words(65_536)));
        Bytes stream =
                joined(contents.stream().map(each -> GzipPart.of(each, 6)).toList());
        String program = "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
        Process python = new ProcessBuilder("python3", "-c", program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = python.getOutputStream()) {
            input.write(stream.toArray());
        }
        assertThat(python.getInputStream().readAllBytes())
                .isEqualTo(Bytes.concat(contents).toArray());
        assertThat(python.waitFor()).isZero();
    }
}
