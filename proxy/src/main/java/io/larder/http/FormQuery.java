package io.larder.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a query as {@code application/x-www-form-urlencoded} (WHATWG URL, section 5.1). Total: any text is a list of pairs. */
public final class FormQuery {
    private FormQuery() {}

    /** A parameter, decoded. */
    public record Pair(String name, String value) {}

    /**
     * The parameters in order.
     *
     * @param query raw, one character an octet; null where there is none
     */
    public static List<Pair> parse(@Nullable String query) {
        List<Pair> pairs = new ArrayList<>();
        for (int start = 0; query != null && start <= query.length(); ) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            if (end > start) {
                pairs.add(pair(query.substring(start, end)));
            }
            start = end + 1;
        }
        return pairs;
    }

    private static Pair pair(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Pair(decoded(text), "")
                : new Pair(decoded(text.substring(0, equals)), decoded(text.substring(equals + 1)));
    }

    /** {@code text} with {@code +} for blanks and escapes decoded, read as UTF-8, with U+FFFD for what is none. */
    public static String decoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int octet = c == '%' && i + 2 < text.length() ? hex(text.charAt(i + 1)) * 16 + hex(text.charAt(i + 2)) : -1;
            if (octet >= 0) {
                out.write(octet);
                i += 2;
            } else {
                out.write(c == '+' ? ' ' : c);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The value of a digit; far below zero for what is none, so that no sum of two is a number. */
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1000;
    }
}
