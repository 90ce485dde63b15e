package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chunked coding comes off the same however it is split (RFC 9112 §7.1). */
class ChunkedDecoderTest {
    private static final HeadLimits LIMITS = new HeadLimits(64, 64, 128, 4);

    private record Decoded(String text, int consumed, boolean done, Headers trailers) {}

    private static Decoded decode(byte[] in, int... cuts) throws Malformed {
        ChunkedDecoder decoder = new ChunkedDecoder(LIMITS);
        List<Bytes> out = new ArrayList<>();
        int consumed = 0;
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : in.length;
            consumed += decoder.decode(in, from, to, out::add);
            from = to;
        }
        String text = new String(Bytes.concat(out).toArray(), StandardCharsets.ISO_8859_1);
        return new Decoded(text, consumed, decoder.isDone(), decoder.trailers());
    }

    @ParameterizedTest
    @CsvSource({
        "'0~~', ''",
        "'5~hello~0~~', hello",
        "'1~a~1~b~000~~', ab",
        "'A~0123456789~0~~', 0123456789",
        "'a;x~0123456789~0;y=\"z;~\\\"\"~~', 0123456789",
        "'3;a=b;c~abc~0~~', abc",
    })
    void everySplitGivesTheSame(String coded, String text) throws Malformed {
        byte[] in = (coded.replace(";~", ";,").replace("~", "\r\n") + "GET").getBytes(StandardCharsets.ISO_8859_1);
        Decoded whole = decode(in);
        assertThat(whole).isEqualTo(new Decoded(text, in.length - 3, true, Headers.EMPTY));
        for (int at = 0; at <= in.length; at++) {
            assertThat(decode(in, at)).as("split at %d", at).isEqualTo(whole);
        }
        int[] all = new int[in.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        assertThat(decode(in, all)).isEqualTo(whole);
    }

    @Test
    void trailersAreReadAtTheEnd() throws Malformed {
        byte[] in = "1\r\na\r\n0\r\nX: 1\r\nY:2\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at <= in.length; at++) {
            assertThat(decode(in, at)).isEqualTo(new Decoded("a", in.length, true, Headers.of("x", "1", "y", "2")));
        }
    }

    @Test
    void unfinishedIsNotDone() throws Malformed {
        byte[] in = "5\r\nhello\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int end = 0; end < in.length; end++) {
            assertThat(decode(java.util.Arrays.copyOf(in, end)).done()).isFalse();
        }
    }

    @Test
    void theLargestSizeIsNotWrapped() throws Malformed {
        byte[] in = "fffffffffffffff\r\nabc".getBytes(StandardCharsets.US_ASCII);
        assertThat(decode(in)).isEqualTo(new Decoded("abc", in.length, false, Headers.EMPTY));
        byte[] larger = "1000000000000000\r\nabc".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> decode(larger)).isInstanceOf(Malformed.class);
    }

    @Test
    void whatIsEncodedComesBack() throws Malformed {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            StringBuilder coded = new StringBuilder();
            StringBuilder plain = new StringBuilder();
            for (int chunks = random.nextInt(5); chunks > 0; chunks--) {
                String data = "\r\n0;".repeat(1 + random.nextInt(8));
                coded.append(Integer.toHexString(data.length()))
                        .append("\r\n")
                        .append(data)
                        .append("\r\n");
                plain.append(data);
            }
            byte[] in = coded.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
            int cut = random.nextInt(in.length + 1);
            assertThat(decode(in, cut)).isEqualTo(new Decoded(plain.toString(), in.length, true, Headers.EMPTY));
        }
    }
}
