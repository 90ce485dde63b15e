package io.larder.telemetry;

import io.larder.http.Digits;
import io.larder.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One log line being written, in ASCII, into an array that is used again for the next. Confined to one loop.
 *
 * <p>What came from outside is escaped: no line feed, carriage return, escape or quote of a client's ever reaches the log
 * or the terminal it is read on.
 */
final class Line {
    /** How much of one value is written, in characters: more helps nobody and costs everybody. */
    static final int LONGEST = 4096;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int WIDEST = 6; // one character escaped as a JSON code unit
    private static final int ROOM = 64; // for any number

    /** How a character is written that is not printable ASCII. */
    private enum Escape {
        JSON,
        APACHE
    }

    private byte[] bytes = new byte[2048];
    private int length;

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    Line raw(byte[] ascii) {
        reserve(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
        return this;
    }

    Line raw(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** A number not below zero. */
    Line number(long value) {
        reserve(ROOM);
        length = Digits.write(value, bytes, length);
        return this;
    }

    /** Nanoseconds as milliseconds with three decimals. */
    Line millis(long nanos) {
        long micros = Math.max(0, nanos / 1000);
        number(micros / 1000).raw('.');
        int rest = (int) (micros % 1000);
        reserve(3);
        bytes[length++] = (byte) ('0' + rest / 100);
        bytes[length++] = (byte) ('0' + rest / 10 % 10);
        bytes[length++] = (byte) ('0' + rest % 10);
        return this;
    }

    /** 16 hexadecimal digits. */
    Line hex(long value) {
        reserve(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (value >>> shift) & 15];
        }
        return this;
    }

    /** The inside of a JSON string (RFC 8259 §7), all but printable ASCII escaped. */
    Line json(String text) {
        return escaped(text, Escape.JSON);
    }

    /** The value of field line {@code field}, as {@link #json(String)}. */
    Line json(Headers headers, int field) {
        return escaped(headers, field, Escape.JSON);
    }

    /** Text between quotes in Apache's manner: quotes and backslashes escaped, all but printable ASCII as \xhh. */
    Line quoted(String text) {
        return escaped(text, Escape.APACHE);
    }

    /** The value of field line {@code field}, as {@link #quoted(String)}. */
    Line quoted(Headers headers, int field) {
        return escaped(headers, field, Escape.APACHE);
    }

    private Line escaped(String text, Escape escape) {
        int end = Math.min(text.length(), LONGEST);
        reserve(end * WIDEST);
        for (int i = 0; i < end; i++) {
            escaped(text.charAt(i), escape);
        }
        return this;
    }

    private Line escaped(Headers headers, int field, Escape escape) {
        int end = Math.min(headers.valueLength(field), LONGEST);
        reserve(end * WIDEST);
        for (int i = 0; i < end; i++) {
            escaped((char) headers.valueOctet(field, i), escape);
        }
        return this;
    }

    private void escaped(char c, Escape escape) {
        if (isPlain(c)) {
            bytes[length++] = (byte) c;
        } else if (c == '"' || c == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = (byte) c;
        } else {
            unprintable(c, escape);
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private void unprintable(char c, Escape escape) {
        bytes[length++] = '\\';
        switch (escape) {
            case JSON -> {
                bytes[length++] = 'u';
                octet(c >> 8);
                octet(c);
            }
            case APACHE -> {
                bytes[length++] = 'x';
                octet(Math.min(c, 0xff));
            }
        }
    }

    private void octet(int value) {
        bytes[length++] = HEX[value >> 4 & 15];
        bytes[length++] = HEX[value & 15];
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
