package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.exchange.RequestId;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.RangeSet;
import io.larder.http.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cutting ranges out of bodies, against slices of an array. */
class SliceTest {

    /** Gives the octets {@code at & 0xff} in chunks of any size, at once. */
    private static final class Counting implements Source {
        private final long length;
        private final int chunk;
        private long at;
        boolean cancelled;

        Counting(long length, int chunk) {
            this.length = length;
            this.chunk = chunk;
        }

        @Override
        public void read(Sink sink) {
            if (at == length) {
                sink.end(Headers.EMPTY);
                return;
            }
            byte[] bytes = new byte[(int) Math.min(chunk, length - at)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) at++;
            }
            sink.chunk(Bytes.of(bytes));
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static final class Reader implements Pump.Taker {
        final ByteArrayOutputStream got = new ByteArrayOutputStream();
        boolean ended;

        @Nullable
        Throwable error;

        static Reader of(Source source) {
            Reader reader = new Reader();
            new Pump(source, reader).resume();
            return reader;
        }

        @Override
        public boolean chunk(Bytes bytes) {
            assertThat(bytes.isEmpty()).isFalse();
            got.writeBytes(bytes.toArray());
            return true;
        }

        @Override
        public void end(Headers trailers) {
            ended = true;
        }

        @Override
        public void failed(Throwable cause) {
            error = cause;
        }
    }

    private static byte[] octets(long first, long last) {
        byte[] octets = new byte[(int) (last - first + 1)];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (first + i);
        }
        return octets;
    }

    @Test
    void randomSlicesOfRandomChunks() {
        Random random = new Random(206);
        for (int round = 0; round < 20_000; round++) {
            int length = 1 + random.nextInt(50);
            int first = random.nextInt(length);
            int last = first + random.nextInt(length - first);
            Counting whole = new Counting(length, 1 + random.nextInt(60));
            Reader reader = Reader.of(new Slice(whole, new ByteRange(first, last), length));
            assertThat(reader.got.toByteArray()).isEqualTo(octets(first, last));
            assertThat(reader.ended).isTrue();
            assertThat(whole.cancelled).isEqualTo(last < length - 1);
        }
    }

    @Test
    void theStackDoesNotGrowWithWhatIsLetGo() {
        Reader reader = Reader.of(new Slice(new Counting(200_000, 1), new ByteRange(150_000, 199_999), 200_000));
        assertThat(reader.got.size()).isEqualTo(50_000);
        assertThat(reader.ended).isTrue();
    }

    @Test
    void aBodyThatEndsTooSoonIsNoWholeRange() {
        Reader reader = Reader.of(new Slice(new Counting(5, 2), new ByteRange(3, 7), 10));
        assertThat(reader.error).isInstanceOf(Failure.class);
        assertThat(reader.ended).isFalse();
    }

    @Test
    void positionsPastFourGigabytes() {
        long length = 6L << 30;
        Counting whole = new Counting(length, 1 << 20);
        whole.at = 5L << 30;
        ByteRange far = new ByteRange(7, 9);
        Reader reader = Reader.of(new Slice(whole, far, length));
        assertThat(reader.got.toByteArray()).isEqualTo(octets(7, 9));
        assertThat(new ContentRange(new ByteRange(5L << 30, length - 1), length))
                .hasToString("bytes 5368709120-6442450943/6442450944");
    }

    @Test
    void chainedSourcesAreOne() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<Source> sources = new ArrayList<>();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int n = random.nextInt(4); n > 0; n--) {
                int length = random.nextInt(20);
                sources.add(new Counting(length, 1 + random.nextInt(5)));
                expected.writeBytes(length == 0 ? new byte[0] : octets(0, length - 1));
            }
            Reader reader = Reader.of(new Chained(sources));
            assertThat(reader.got.toByteArray()).isEqualTo(expected.toByteArray());
            assertThat(reader.ended).isTrue();
        }
    }

    @Test
    void aChainThatBreaksLetsGoOfItsRest() {
        Counting rest = new Counting(5, 5);
        Reader reader = Reader.of(new Chained(List.of(new Slice(new Counting(1, 1), new ByteRange(0, 4), 9), rest)));
        assertThat(reader.error).isInstanceOf(Failure.class);
        assertThat(rest.cancelled).isTrue();
    }

    /** Random sets of ranges, cut by the gateway and read again by the grammar of RFC 9110 §14.6. */
    @Test
    void whatIsSentInPartsIsReadBackWhole() {
        Random random = new Random(1406);
        for (int round = 0; round < 5_000; round++) {
            byte[] body = new byte[2 + random.nextInt(200)];
            random.nextBytes(body);
            StringBuilder set = new StringBuilder("bytes=");
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                int first = random.nextInt(body.length);
                set.append(first).append('-').append(first + random.nextInt(20)).append(n > 1 ? "," : "");
            }
            List<ByteRange> ranges =
                    RangeSet.parse(set.toString()).orElseThrow().in(body.length);
            Bytes whole = Bytes.of(body);
            ByteRanges parts = ByteRanges.of(
                    "text/plain",
                    body.length,
                    ranges,
                    range -> whole.slice(range.first(), range.last() + 1),
                    new RequestId(random.nextLong()));
            assertThat(readBack(parts, body)).isEqualTo(ranges);
        }
    }

    private static List<ByteRange> readBack(ByteRanges parts, byte[] body) {
        String boundary = parts.type().substring(parts.type().indexOf('=') + 1);
        String text = new String(parts.content().toArray(), StandardCharsets.ISO_8859_1);
        String[] pieces = ("\r\n" + text).split("\r\n--" + boundary, -1);
        assertThat(pieces[0]).isEmpty();
        assertThat(pieces[pieces.length - 1]).isEqualTo("--\r\n");
        List<ByteRange> read = new ArrayList<>();
        for (String piece : Arrays.copyOfRange(pieces, 1, pieces.length - 1)) {
            int end = piece.indexOf("\r\n\r\n");
            String head = piece.substring(2, end);
            assertThat(head).startsWith("Content-Type: text/plain\r\nContent-Range: ");
            ContentRange range =
                    ContentRange.parse(head.substring(head.indexOf("bytes "))).orElseThrow();
            assertThat(range.complete()).isEqualTo(body.length);
            byte[] content = piece.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
            int first = (int) range.range().first();
            assertThat(content)
                    .isEqualTo(
                            Arrays.copyOfRange(body, first, (int) range.range().last() + 1));
            read.add(range.range());
        }
        return read;
    }
}
