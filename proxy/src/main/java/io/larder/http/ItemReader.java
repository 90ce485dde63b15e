package io.larder.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Reads the parts of a structured field (RFC 9651 §4.2.3) from a text, one after the other. Confined to one thread. */
final class ItemReader {
    private static final int MAX_DIGITS = 15;
    private static final int MAX_DIGITS_BEFORE_POINT = 12;

    /** Says that the text is no structured field. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid() {
            super(null, null, false, false);
        }
    }

    private final String text;
    private int at;

    ItemReader(String text) {
        this.text = text;
    }

    /** An Item (§4.2.3). */
    Item item() throws Invalid {
        Item bare = bareItem();
        parameters();
        return bare;
    }

    /** Reads past parameters (§4.2.3.2): they must be well-formed, and no field that Larder reads has any that matter. */
    void parameters() throws Invalid {
        while (peek() == ';') {
            at++;
            skip(' ');
            key();
            if (peek() == '=') {
                at++;
                bareItem();
            }
        }
    }

    private Item bareItem() throws Invalid {
        int c = peek();
        if (c == '-' || isDigit(c)) {
            return number();
        }
        if (isAlpha(c) || c == '*') {
            return token();
        }
        at++;
        return switch (c) {
            case '"' -> string();
            case ':' -> octets();
            case '?' -> bool();
            case '@' -> date();
            case '%' -> display();
            default -> throw new Invalid();
        };
    }

    /** A key (§4.2.3.3). */
    String key() throws Invalid {
        int start = at;
        if (!isLower(peek()) && peek() != '*') {
            throw new Invalid();
        }
        while (isKeyRest(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    private Item number() throws Invalid {
        boolean negative = peek() == '-';
        at += negative ? 1 : 0;
        int start = at;
        long whole = digits(MAX_DIGITS);
        if (peek() != '.') {
            return new Item.Whole(negative ? -whole : whole);
        }
        if (at - start > MAX_DIGITS_BEFORE_POINT) {
            throw new Invalid();
        }
        at++;
        long thousandths = whole * 1000 + thousandths();
        return new Item.Decimal(negative ? -thousandths : thousandths);
    }

    private long thousandths() throws Invalid {
        int start = at;
        long fraction = digits(3);
        for (int n = at - start; n < 3; n++) {
            fraction *= 10;
        }
        return fraction;
    }

    private long digits(int most) throws Invalid {
        int start = at;
        long value = 0;
        while (isDigit(peek()) && at - start < most) {
            value = value * 10 + (peek() - '0');
            at++;
        }
        if (at == start || isDigit(peek())) {
            throw new Invalid();
        }
        return value;
    }

    private Item token() {
        int start = at;
        while (isTokenRest(peek())) {
            at++;
        }
        return new Item.Token(text.substring(start, at));
    }

    private Item string() throws Invalid {
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            int c = peek();
            if (c < 0x20 || c > 0x7e) {
                throw new Invalid();
            }
            at++;
            if (c == '\\') {
                c = peek();
                if (c != '"' && c != '\\') {
                    throw new Invalid();
                }
                at++;
            }
            value.append((char) c);
        }
        at++;
        return new Item.Text(value.toString());
    }

    private Item octets() throws Invalid {
        int start = at;
        while (isAlpha(peek()) || isDigit(peek()) || peek() == '+' || peek() == '/' || peek() == '=') {
            at++;
        }
        String base64 = text.substring(start, at);
        take(':');
        try {
            return new Item.Octets(Bytes.of(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException notBase64) {
            throw new Invalid();
        }
    }

    private Item bool() throws Invalid {
        int c = peek();
        if (c != '0' && c != '1') {
            throw new Invalid();
        }
        at++;
        return new Item.Switch(c == '1');
    }

    private Item date() throws Invalid {
        if (number() instanceof Item.Whole(long seconds)) {
            return new Item.Moment(Instant.ofEpochSecond(seconds)); // 15 digits of seconds are within its bounds
        }
        throw new Invalid();
    }

    private Item display() throws Invalid {
        take('"');
        ByteBuffer utf8 = ByteBuffer.allocate(text.length() - at);
        while (peek() != '"') {
            int c = peek();
            if (c < 0x20 || c > 0x7e) {
                throw new Invalid();
            }
            at++;
            utf8.put((byte) (c == '%' ? escaped() : c));
        }
        at++;
        try {
            return new Item.Display(
                    StandardCharsets.UTF_8.newDecoder().decode(utf8.flip()).toString());
        } catch (CharacterCodingException notUtf8) {
            throw new Invalid();
        }
    }

    /** Two digits of an escape: lower case only (§4.2.10). */
    private int escaped() throws Invalid {
        int high = hex();
        return 16 * high + hex();
    }

    private int hex() throws Invalid {
        int c = peek();
        if (!isDigit(c) && !(c >= 'a' && c <= 'f')) {
            throw new Invalid();
        }
        at++;
        return Character.digit(c, 16);
    }

    void take(char wanted) throws Invalid {
        if (peek() != wanted) {
            throw new Invalid();
        }
        at++;
    }

    void skip(char c) {
        while (peek() == c) {
            at++;
        }
    }

    void skipOws() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    /** The next character, or -1 at the end. */
    int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isAlpha(int c) {
        return isLower(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isKeyRest(int c) {
        return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
    }

    private static boolean isTokenRest(int c) {
        return c >= 0 && c < 0x80 && (Grammar.isTokenByte((byte) c) || c == ':' || c == '/');
    }
}
