package io.larder.app;

import io.larder.testing.FrameWire;
import io.larder.testing.Speech;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One request, right or wrong, that can be said in HTTP/1.1 and in HTTP/2. Texts are an octet a character.
 *
 * @param fields without Host and what frames the content
 * @param content null for none
 * @param trailers behind the content, where there is some
 */
record Utterance(String method, String target, String host, List<Field> fields, String content, List<Field> trailers) {
    record Field(String name, String value) {}

    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    static Utterance of(Speech speech) {
        List<Field> fields = new ArrayList<>();
        for (int n = speech.once(40) ? speech.below(300) : speech.below(6); n > 0; n--) {
            fields.add(field(speech));
        }
        String content = speech.once(3) ? content(speech.once(10) ? speech.below(40_000) : speech.below(40)) : null;
        List<Field> trailers = new ArrayList<>();
        if (content != null && speech.once(4)) {
            trailers.add(new Field("x-sum", "7"));
        }
        return new Utterance(
                rarelyBent(
                        speech, speech.one("GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY")),
                rarelyBent(speech, target(speech)),
                rarelyBent(
                        speech,
                        speech.one("shop.test", "shop.test", "shop.test:80", "SHOP.test", "10.0.0.1", "[::1]:80")),
                fields,
                content,
                trailers);
    }

    private static String content(int length) {
        StringBuilder text = new StringBuilder(length + 8);
        for (int i = 0; text.length() < length; i++) {
            text.append(i).append(' ');
        }
        return text.substring(0, length);
    }

    private static String rarelyBent(Speech speech, String text) {
        return speech.once(8) ? speech.bent(text) : text;
    }

    private static String target(Speech speech) {
        String path = speech.one(
                "/",
                "/a",
                "/a/b",
                "/a%2fb",
                "/a/../b",
                "//a",
                "/a;b",
                "/a?b=c&d",
                "/?",
                "/%00",
                "/%zz",
                "/a//",
                "*",
                "",
                "http://shop.test/a",
                "/a#b",
                "/" + "x".repeat(speech.once(5) ? 9000 : 10),
                "?x",
                "shop.test:80",
                "/a?b?c");
        return speech.once(3) ? path : "/a";
    }

    private static Field field(Speech speech) {
        String name = speech.one(
                "x-a",
                "x-b",
                "accept",
                "accept-language",
                "cookie",
                "cookie",
                "range",
                "if-none-match",
                "authorization",
                "cache-control",
                "x-forwarded-for",
                "x-forwarded-host",
                "forwarded",
                "x-original-url",
                "te",
                "via",
                "x-http-method-override",
                "max-forwards",
                "expect",
                "content-type",
                "referer",
                "x_under",
                "date",
                "from",
                "connection",
                "upgrade",
                "transfer-encoding",
                "proxy-connection",
                "keep-alive",
                "trailer",
                "x-larder-x",
                "proxy-authorization",
                "surrogate-capability",
                "x-request-id",
                "content-encoding",
                "if-range");
        String value = switch (name) {
            case "te" -> speech.one("trailers", "gzip", "trailers, deflate");
            case "expect" -> speech.one("100-continue", "tea");
            case "connection" -> speech.one("close", "x-a", "keep-alive", "host", "content-length, te");
            case "transfer-encoding" -> speech.one("chunked", "identity", "gzip, chunked");
            case "upgrade" -> speech.one("h2c", "websocket");
            case "max-forwards" -> speech.one("0", "1", "x");
            case "cookie" -> speech.one("a=1", "b=2; c=3", "sessionid=x", "");
            case "range" -> speech.one("bytes=0-1", "bytes=-1", "bytes=0-0,2-3");
            case "via" -> speech.one("1.1 other", "1.1 larder", "1.1 larder, ".repeat(8) + "1.1 x");
            default ->
                speech.one("", "v", "a b", "a, b", "\"q\"", "W/\"x\"", "\u00e9", "v".repeat(speech.once(9) ? 9000 : 9));
        };
        return new Field(rarelyBent(speech, name), rarelyBent(speech, value));
    }

    // In HTTP/1.1.

    /** The octets; chunked wherever there are trailers. */
    byte[] http1(Speech speech) {
        boolean chunked = content != null && (!trailers.isEmpty() || speech.once(2));
        StringBuilder text = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (Field field : fields) {
            text.append(speech.once(4) ? speech.anyCase(field.name) : field.name)
                    .append(':')
                    .append(speech.ows());
            text.append(field.value).append(speech.ows()).append("\r\n");
        }
        if (content == null) {
            return octets(text.append("\r\n").toString());
        }
        if (!chunked) {
            text.append("Content-Length: ")
                    .append(content.length())
                    .append("\r\n\r\n")
                    .append(content);
            return octets(text.toString());
        }
        text.append("Transfer-Encoding: chunked\r\n\r\n");
        for (String piece : pieces(speech)) {
            text.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        text.append("0\r\n");
        trailers.forEach(field -> text.append(field.name + ": " + field.value + "\r\n"));
        return octets(text.append("\r\n").toString());
    }

    private List<String> pieces(Speech speech) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < content.length(); ) {
            int end = Math.min(content.length(), at + 1 + speech.below(speech.once(2) ? 16_000 : 20_000) % 16_384);
            pieces.add(content.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    // In HTTP/2.

    /** How it is said in HTTP/2. */
    static final class Streams {
        private final Http2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);

        /** The frames, whole. */
        byte[] frames(Utterance said, int stream, Speech speech) throws Http2Exception {
            List<String> fields = new ArrayList<>(List.of(":method", said.method, ":scheme", "http"));
            boolean byHost = speech.once(10); // RFC 9113 §8.3.1: a Host will do
            if (!byHost) {
                fields.addAll(List.of(":authority", said.host));
            }
            fields.addAll(List.of(":path", said.target));
            if (byHost || speech.once(10)) {
                fields.addAll(List.of("host", said.host));
            }
            said.fields.forEach(field -> fields.addAll(List.of(field.name, field.value)));
            if (said.content != null && said.trailers.isEmpty() && speech.once(2)) { // HTTP/1.1 has no room for both
                fields.addAll(List.of("content-length", String.valueOf(said.content.length())));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            block(out, stream, fields, said.content == null, speech);
            if (said.content != null) {
                for (String piece : said.pieces(speech)) {
                    data(out, stream, piece, false, speech);
                }
                if (said.trailers.isEmpty()) {
                    data(out, stream, "", true, speech);
                } else {
                    List<String> last = new ArrayList<>();
                    said.trailers.forEach(field -> last.addAll(List.of(field.name, field.value)));
                    block(out, stream, last, true, speech);
                }
            }
            return out.toByteArray();
        }

        private void block(ByteArrayOutputStream out, int stream, List<String> fields, boolean ends, Speech speech)
                throws Http2Exception {
            byte[] block = speech.once(3) ? FrameWire.block(fields.toArray(String[]::new)) : encoded(stream, fields);
            int first = Math.min(speech.once(3) ? speech.below(block.length + 1) : block.length, 16_384);
            int flags = ends ? FrameWire.END_STREAM : 0;
            int at = first;
            out.writeBytes(FrameWire.frame(
                    FrameWire.HEADERS,
                    flags | (at == block.length ? FrameWire.END_HEADERS : 0),
                    stream,
                    java.util.Arrays.copyOf(block, first)));
            while (at < block.length) {
                int end = Math.min(block.length, at + 16_384);
                byte[] more = java.util.Arrays.copyOfRange(block, at, end);
                at = end;
                out.writeBytes(FrameWire.frame(
                        FrameWire.CONTINUATION, at == block.length ? FrameWire.END_HEADERS : 0, stream, more));
            }
        }

        private byte[] encoded(int stream, List<String> fields) throws Http2Exception {
            Http2Headers head = new DefaultHttp2Headers(false);
            for (int i = 0; i < fields.size(); i += 2) {
                head.add(
                        new AsciiString(octets(fields.get(i)), false),
                        new AsciiString(octets(fields.get(i + 1)), false));
            }
            ByteBuf out = Unpooled.buffer();
            encoder.encodeHeaders(stream, head, out);
            return ByteBufUtil.getBytes(out);
        }

        private static void data(ByteArrayOutputStream out, int stream, String piece, boolean ends, Speech speech) {
            int end = ends ? FrameWire.END_STREAM : 0;
            if (speech.once(5) && piece.length() < 16_000) {
                byte[] padded = octets("\3" + piece + "\0\0\0");
                out.writeBytes(FrameWire.frame(FrameWire.DATA, end | FrameWire.PADDED, stream, padded));
            } else {
                out.writeBytes(FrameWire.frame(FrameWire.DATA, end, stream, octets(piece)));
            }
        }
    }

    /** Whether HTTP/2 alone has a rule against it, or HTTP/1.1 would read another request (RFC 9113 §8.2, §8.3). */
    boolean isHttp2sToRefuse() {
        boolean startLine = !isVisible(method) || !isVisible(target) || !isVisible(host);
        boolean inForm = target.startsWith("/") || target.equals("*");
        return startLine || !inForm || fields.stream().anyMatch(Utterance::isHttp2sToRefuse);
    }

    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != 0x7f);
    }

    private static boolean isHttp2sToRefuse(Field field) {
        String name = field.name;
        boolean upper =
                !name.equals(name.toLowerCase(Locale.ROOT)) && name.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
        boolean badName = name.isEmpty() || upper || name.chars().anyMatch(c -> c <= ' ' || c == ':' || c >= 0x7f);
        boolean badValue = field.value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)
                || !field.value.equals(stripped(field.value));
        boolean connection =
                CONNECTION_SPECIFIC.contains(name) || (name.equals("te") && !field.value.equalsIgnoreCase("trailers"));
        return badName || badValue || connection;
    }

    private static String stripped(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    /** Whether HTTP/1.1 would read more, or less, than this one request. */
    boolean isAmbiguousInHttp1() {
        String all = method
                + target
                + host
                + String.join(
                        "",
                        fields.stream().map(field -> field.name + field.value).toList());
        return all.indexOf('\r') >= 0
                || all.indexOf('\n') >= 0
                || fields.stream()
                        .anyMatch(field ->
                                isFraming(field.name.toLowerCase(Locale.ROOT).strip()));
    }

    private static boolean isFraming(String name) {
        return name.equals("transfer-encoding") || name.equals("content-length") || name.equals("host");
    }
}
