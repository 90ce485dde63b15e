package io.larder.exchange;

import java.util.Locale;

/** Strings in JSON (RFC 8259 §7), for the few documents that are written by hand. */
public final class JsonText {
    private JsonText() {}

    /** {@code text} as a JSON string, in its quotes. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
