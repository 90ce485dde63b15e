package io.larder.server.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Framing;
import io.larder.http.HeadLimits;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.server.Corpus;
import io.larder.server.connection.Incoming;
import io.larder.server.connection.LastHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Netty's decoder as an oracle: whatever ours accepts, it accepts too, and means the same. Ours may only be stricter.
 * (Netty's is used nowhere but here.)
 */
class DifferentialTest {
    private static final int ROUNDS = 50_000;
    private static final long SEED = 20_261_123;
    private static final HeadLimits LIMITS = new HeadLimits(8192, 8192, 65_536, 100);
    private static final String[] SPICES = {
        "\r",
        "\n",
        "\r\n",
        "\0",
        " ",
        "\t",
        ":",
        ",",
        ";",
        "\"",
        "0",
        "1",
        "f",
        "g",
        "\u000b",
        "\u00a0",
        "\u0085",
        "\u007f",
        "#",
        "?",
        "/",
        "*",
        "@",
        "[",
        "]",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: x\r\n",
        "Host: b\r\n",
        " HTTP/1.1\r\n",
        "HTTP/1.0",
        "GET / HTTP/1.1\r\n",
        "chunked",
        "0\r\n",
        "Connection: close\r\n",
        "X: 1\r\n",
        "\r\n\r\n",
        "Content-Length: 3, 3\r\n",
        "Expect: 100-continue\r\n"
    };

    /** One request as a decoder understood it; {@code whole} when its content came to its end. */
    private record Understood(
            String method, String target, String version, List<String> fields, String content, boolean whole) {
        /** Without the content that nobody takes for the whole: how much of it is seen is each decoder's own affair. */
        Understood settled() {
            return whole ? this : new Understood(method, target, version, fields, "", false);
        }
    }

    @Test
    void whateverIsAcceptedMeansTheSameToNetty() {
        Random random = new Random(SEED);
        List<Corpus.Row> seeds = new ArrayList<>(Corpus.served());
        seeds.addAll(Corpus.brokenChunks());
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] raw = mutated(seeds.get(random.nextInt(seeds.size())).raw(), random);
            List<Understood> ours = ours(raw);
            accepted += ours.size();
            if (!ours.isEmpty()) {
                List<Understood> theirs = theirs(raw);
                String input = new String(raw, StandardCharsets.ISO_8859_1);
                assertThat(theirs).as("round %d: %s", round, input).hasSizeGreaterThanOrEqualTo(ours.size());
                for (int i = 0; i < ours.size(); i++) {
                    Understood mine = ours.get(i).settled();
                    Understood netty =
                            mine.whole() ? theirs.get(i) : theirs.get(i).settled();
                    assertThat(netty).as("round %d: %s", round, input).isEqualTo(mine);
                }
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 4); // else the mutations prove nothing
    }

    private static byte[] mutated(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            String spice = SPICES[random.nextInt(SPICES.length)];
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, spice);
                case 1 -> text.replace(at, Math.min(text.length(), at + spice.length()), spice);
                case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(30))));
                default -> text.insert(at, (char) random.nextInt(256));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<Understood> ours(byte[] raw) {
        List<Understood> all = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(raw);
        RequestReader reader = new RequestReader(LIMITS);
        LastHost hosts = new LastHost();
        try {
            for (RequestHead head = reader.next(in); head != null; head = reader.next(in)) {
                Incoming incoming = Incoming.of(head, hosts, "http", 1 << 20);
                all.add(understood(head, incoming.framing(), in));
                if (!all.get(all.size() - 1).whole() || !incoming.persists()) {
                    break;
                }
            }
        } catch (Malformed refused) {
            // what came before stands
        }
        return all;
    }

    private static Understood understood(RequestHead head, Framing framing, ByteBuf in) throws Malformed {
        Content content = Content.of(framing, LIMITS);
        StringBuilder text = new StringBuilder();
        while (!content.isDone() && in.isReadable()) {
            text.append(new String(content.take(in).toArray(), StandardCharsets.ISO_8859_1));
        }
        List<String> fields = new ArrayList<>();
        Headers headers = head.headers();
        for (int i = 0; i < headers.size(); i++) {
            fields.add(headers.name(i) + ": " + headers.value(i));
        }
        return new Understood(
                head.method(), head.target(), "HTTP/1." + head.minor(), fields, text.toString(), content.isDone());
    }

    private static List<Understood> theirs(byte[] raw) {
        HttpDecoderConfig config =
                new HttpDecoderConfig().setMaxInitialLineLength(1 << 16).setMaxHeaderSize(1 << 20);
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(config));
        channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOf(raw, raw.length)));
        List<Understood> all = new ArrayList<>();
        for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
            add(next, all);
        }
        channel.finishAndReleaseAll();
        return all;
    }

    private static void add(HttpObject next, List<Understood> all) {
        if (next instanceof HttpRequest request && next.decoderResult().isSuccess()) {
            List<String> fields = new ArrayList<>();
            for (Map.Entry<String, String> field : request.headers()) {
                fields.add(field.getKey() + ": " + field.getValue());
            }
            String version = request.protocolVersion().text();
            all.add(new Understood(request.method().name(), request.uri(), version, fields, "", false));
        }
        if (next instanceof HttpContent content) {
            if (!all.isEmpty() && next.decoderResult().isSuccess()) {
                Understood last = all.remove(all.size() - 1);
                String more = last.content() + content.content().toString(StandardCharsets.ISO_8859_1);
                boolean whole = next instanceof LastHttpContent;
                all.add(new Understood(last.method(), last.target(), last.version(), last.fields(), more, whole));
            }
            content.release();
        }
    }
}
