package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.http.Body;
import io.larder.http.HeadLimits;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.ResponseHead;
import io.larder.http.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
    private static final UpstreamSettings.Responses STRICT =
            new UpstreamSettings.Responses(new HeadLimits(256, 256, 1024, 20), false);

    /** What came of some bytes. */
    record Outcome(
            List<Integer> interims,
            int status,
            String headers,
            String body,
            Headers trailers,
            boolean done,
            boolean usable) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Request request(String method) {
        return new Request(method, Target.of("http", "a.example", "/"), Headers.EMPTY, Body.none());
    }

    private static Outcome read(String method, List<byte[]> parts) throws Malformed {
        List<Integer> interims = new ArrayList<>();
        ResponseReader reader = new ResponseReader(request(method), STRICT, head -> interims.add(head.status()));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            for (byte[] part : parts) {
                ByteBuf in = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes(part);
                try {
                    reader.read(in);
                } finally {
                    in.release();
                }
                body.writeBytes(reader.takeData().toArray());
            }
        } finally {
            reader.release();
        }
        ResponseHead head = reader.head();
        return new Outcome(
                interims,
                head == null ? 0 : head.status(),
                head == null ? "" : head.headers().toString(),
                body.toString(StandardCharsets.ISO_8859_1),
                reader.trailers(),
                reader.isDone(),
                reader.leavesConnectionUsable());
    }

    private static Outcome read(String method, String whole) throws Malformed {
        return read(method, List.of(bytes(whole)));
    }

    static final List<String> WHOLE = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
            String.join(
                    "",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n",
                    "Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n"),
            "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
            "HTTP/1.1 304\r\nContent-Length: 7\r\nETag: \"x\"\r\n\r\n",
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

    @Test
    void everySplitReadsTheSame() throws Malformed {
        for (String whole : WHOLE) {
            Outcome expected = read("GET", whole);
            assertThat(expected.done()).isTrue();
            assertThat(expected.usable()).isTrue();
            byte[] all = bytes(whole);
            for (int cut = 1; cut < all.length; cut++) {
                List<byte[]> halves = List.of(Arrays.copyOf(all, cut), Arrays.copyOfRange(all, cut, all.length));
                assertThat(read("GET", halves)).as("%s cut at %s", whole, cut).isEqualTo(expected);
            }
            List<byte[]> single = new ArrayList<>();
            for (byte b : all) {
                single.add(new byte[] {b});
            }
            assertThat(read("GET", single)).as("%s byte by byte", whole).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello, world\r\n\r\n",
                "HTTP/0.9 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 Low\r\n\r\n",
                "HTTP/1.1 999 High\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "HTTP/1.1 200 OK\nA: b\n\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 6\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nhello"
            })
    void refuses(String whole) {
        assertThatThrownBy(() -> read("GET", whole)).isInstanceOf(Malformed.class);
    }

    @Test
    void boundsTheHead() {
        String line = "A: " + "x".repeat(100) + "\r\n";
        assertThatThrownBy(() -> read("GET", "HTTP/1.1 200 OK\r\nA: " + "x".repeat(300) + "\r\n\r\n"))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("GET", "HTTP/1.1 200 OK\r\n" + line.repeat(15) + "\r\n"))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("GET", "HTTP/1.1 200 OK\r\n" + "A:\r\n".repeat(21) + "\r\n"))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("GET", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(500)))
                .as("without an end")
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloEXTRA",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nEXTRA",
                "HTTP/1.1 204 No Content\r\n\r\nEXTRA",
                "HTTP/1.1 304 Not Modified\r\n\r\nEXTRA",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"
            })
    void completeButNotToBeUsedAgain(String whole) throws Malformed {
        Outcome outcome = read("GET", whole);
        assertThat(outcome.done()).isTrue();
        assertThat(outcome.usable()).isFalse();
        assertThat(outcome.body()).isIn("", "hello");
    }

    @Test
    void headHasNoBodyWhateverItDeclares() throws Malformed {
        Outcome outcome = read("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        assertThat(outcome.done()).isTrue();
        assertThat(outcome.usable()).isTrue();
        assertThat(read("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                        .usable())
                .isFalse();
    }

    @Test
    void tinyChunksAreGatheredIntoOneArray() throws Malformed {
        StringBuilder coded = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        coded.append("1\r\nx\r\n".repeat(5000)).append("0\r\n\r\n");
        ResponseReader reader = new ResponseReader(request("GET"), STRICT, head -> {});
        ByteBuf in = Unpooled.wrappedBuffer(bytes(coded.toString()));
        reader.read(in);
        assertThat(reader.takeData().segments())
                .hasSize(1)
                .allSatisfy(s -> assertThat(s.length()).isEqualTo(5000));
    }

    /** What Netty makes of the same bytes, or null where it refuses them or wants more. */
    private static @Nullable Outcome oracle(byte[] whole) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new HttpResponseDecoder(256, 1024, 8192), new HttpObjectAggregator(1 << 20));
        try {
            channel.writeInbound(Unpooled.copiedBuffer(whole));
            FullHttpResponse response = channel.readInbound();
            if (response == null) {
                return null;
            }
            try {
                return response.decoderResult().isFailure()
                        ? null
                        : new Outcome(
                                List.of(),
                                response.status().code(),
                                "",
                                response.content().toString(StandardCharsets.ISO_8859_1),
                                Headers.EMPTY,
                                true,
                                true);
            } finally {
                response.release();
            }
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** Whatever we read as complete, Netty reads the same way: every difference is one where we are stricter. */
    @Test
    void agreesWithNettyWhereItAccepts() {
        Random random = new Random(20261123);
        String[] splices = {
            "\r",
            "\n",
            "\r\n",
            " ",
            "\t",
            ":",
            ",",
            ";",
            "0",
            "5",
            "chunked",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "HTTP/1.1 200 OK\r\n",
            "\0",
            "-",
            "a"
        };
        int complete = 0;
        for (int round = 0; round < 60_000; round++) {
            StringBuilder mutant = new StringBuilder(WHOLE.get(random.nextInt(WHOLE.size())));
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(mutant.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutant.insert(at, splices[random.nextInt(splices.length)]);
                    case 1 -> mutant.deleteCharAt(at);
                    default -> mutant.setCharAt(at, (char) random.nextInt(256));
                }
            }
            Outcome ours = attempt(mutant.toString());
            if (ours == null
                    || !ours.done()
                    || !ours.usable()
                    || !ours.interims().isEmpty()) {
                continue;
            }
            complete++;
            Outcome theirs = oracle(bytes(mutant.toString()));
            if (theirs != null) {
                assertThat(theirs.status()).as("status of %s", mutant).isEqualTo(ours.status());
                assertThat(theirs.body()).as("body of %s", mutant).isEqualTo(ours.body());
            }
        }
        assertThat(complete).isGreaterThan(3000);
    }

    private static @Nullable Outcome attempt(String whole) {
        try {
            return read("GET", whole);
        } catch (Malformed refused) {
            return null;
        }
    }
}
