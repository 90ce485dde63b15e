package io.larder.app;

import io.larder.testing.Speech;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, right or wrong, that can be said in HTTP/1.1 and in HTTP/2. Texts are an octet a character.
 *
 * @param fields without Host and what frames the content
 * @param content null for none
 * @param trailers behind the content, where there is some
 */
record Utterance(
        String method,
        String target,
        String host,
        List<Field> fields,
        @Nullable String content,
        List<Field> trailers) {
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

    /** The octets in HTTP/1.1; chunked wherever there are trailers. */
    byte[] http1(Speech speech) {
        boolean chunked = content != null && (!trailers.isEmpty() || speech.once(2));
        StringBuilder text = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (Field field : fields) {
            String name = speech.once(4) ? speech.anyCase(field.name) : field.name;
            text.append(name + ':' + speech.ows() + field.value + speech.ows() + "\r\n");
        }
        if (content == null) {
            text.append("\r\n");
        } else if (chunked) {
            text.append("Transfer-Encoding: chunked\r\n\r\n");
            for (String piece : pieces(content, speech)) {
                text.append(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
            }
            text.append("0\r\n");
            trailers.forEach(field -> text.append(field.name + ": " + field.value + "\r\n"));
            text.append("\r\n");
        } else {
            text.append("Content-Length: " + content.length() + "\r\n\r\n" + content);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static List<String> pieces(String content, Speech speech) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < content.length(); ) {
            int end = Math.min(content.length(), at + 1 + speech.below(speech.once(2) ? 16_000 : 20_000) % 16_384);
            pieces.add(content.substring(at, end));
            at = end;
        }
        return pieces;
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
