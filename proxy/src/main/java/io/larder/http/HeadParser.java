package io.larder.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The one parser of HTTP/1.1 message heads (RFC 9112 §2–§5), for both sides of the gateway.
 *
 * <p>As strict as the RFC allows: CRLF only, single spaces in the start line, no folded lines, no space before the
 * colon, no control characters. What it accepts has one meaning.
 */
public final class HeadParser {
    private static final byte[] VERSION = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    // A first guess of how many lines there are, which may grow: a few, and one for so many octets.
    private static final int FEW_LINES = 2;
    private static final int USUAL_LINE = 40;

    private final byte[] in;
    private final int end;
    private final HeadLimits limits;
    private int at;

    private HeadParser(byte[] in, int start, int end, HeadLimits limits) {
        this.in = in;
        this.at = start;
        this.end = end;
        this.limits = limits;
    }

    /**
     * Reads a request head.
     *
     * @param in holds the head from {@code start} to {@code end}, the empty line included; not written to afterwards
     * @throws Malformed 400, 414, 431 or 505
     */
    public static RequestHead request(byte[] in, int start, int end, HeadLimits limits) throws Malformed {
        HeadParser parser = new HeadParser(in, start, end, limits);
        int lineEnd = parser.startLine(414);
        int space = parser.find(' ', parser.at, lineEnd);
        int space2 = space < 0 ? -1 : parser.find(' ', space + 1, lineEnd);
        if (space2 < 0) {
            throw new Malformed(400, "the request line is not 'method target version' (RFC 9112 section 3)");
        }
        String method = parser.method(parser.at, space);
        String target = parser.target(space + 1, space2);
        int minor = parser.version(space2 + 1, lineEnd);
        parser.at = lineEnd + 2;
        return new RequestHead(method, target, minor, parser.fields());
    }

    /**
     * Reads a response head; see {@link #request}.
     *
     * @throws Malformed always to be answered with 502
     */
    public static ResponseHead response(byte[] in, int start, int end, HeadLimits limits) throws Malformed {
        HeadParser parser = new HeadParser(in, start, end, limits);
        int lineEnd = parser.startLine(502);
        int line = parser.at;
        // status-line = HTTP-version SP status-code SP [ reason-phrase ]; many servers leave the last SP out
        boolean shape = lineEnd - line >= 12 && in[line + 8] == ' ' && (lineEnd - line == 12 || in[line + 12] == ' ');
        if (!shape) {
            throw new Malformed(502, "the status line is malformed (RFC 9112 section 4)");
        }
        int minor = parser.version(line, line + 8);
        int status = parser.status(line + 9);
        int reasonStart = Math.min(line + 13, lineEnd);
        parser.checkValue(reasonStart, lineEnd);
        String reason = parser.reason(status, reasonStart, lineEnd);
        parser.at = lineEnd + 2;
        return new ResponseHead(status, reason, minor, parser.fields());
    }

    /**
     * Reads a section of field lines that ends with an empty line, such as trailers (RFC 9112 §7.1.2).
     *
     * @throws Malformed 400 or 431
     */
    public static Headers fields(byte[] in, int start, int end, HeadLimits limits) throws Malformed {
        return new HeadParser(in, start, end, limits).fields();
    }

    private int startLine(int tooLong) throws Malformed {
        int lineEnd = lineEnd();
        if (lineEnd - at > limits.startLine()) {
            throw new Malformed(tooLong, "the start line is longer than " + limits.startLine() + " bytes");
        }
        return lineEnd;
    }

    private String method(int start, int stop) throws Malformed {
        boolean token = start < stop;
        for (int i = start; i < stop; i++) {
            token &= Grammar.isTokenByte(in[i]);
        }
        if (!token) {
            throw new Malformed(400, "the method is not a token (RFC 9110 section 9.1)");
        }
        return Methods.intern(in, start, stop);
    }

    private String target(int start, int stop) throws Malformed {
        if (start == stop) {
            throw new Malformed(400, "the request target is empty");
        }
        for (int i = start; i < stop; i++) {
            if (!Grammar.isTargetByte(in[i])) {
                throw new Malformed(400, "the request target holds a character that must be percent-encoded");
            }
        }
        return new String(in, start, stop - start, StandardCharsets.ISO_8859_1);
    }

    private int version(int start, int stop) throws Malformed {
        boolean shape = stop - start == 8
                && Arrays.equals(in, start, start + 5, VERSION, 0, 5)
                && isDigit(in[start + 5])
                && in[start + 6] == '.'
                && isDigit(in[start + 7]);
        if (!shape) {
            throw new Malformed(400, "the HTTP version is malformed (RFC 9112 section 2.3)");
        }
        if (in[start + 5] != '1' || in[start + 7] > '1') {
            throw new Malformed(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        return in[start + 7] - '0';
    }

    private int status(int start) throws Malformed {
        if (!isDigit(in[start]) || !isDigit(in[start + 1]) || !isDigit(in[start + 2]) || in[start] == '0') {
            throw new Malformed(502, "the status code is malformed (RFC 9110 section 15)");
        }
        int status = (in[start] - '0') * 100 + (in[start + 1] - '0') * 10 + (in[start + 2] - '0');
        if (status > 599) {
            throw new Malformed(502, "the status code is not between 100 and 599 (RFC 9110 section 15)");
        }
        return status;
    }

    /** The usual one is not made anew: stored responses keep it. */
    private String reason(int status, int start, int stop) {
        String usual = Status.reason(status);
        boolean same = usual.length() == stop - start;
        for (int i = 0; same && i < usual.length(); i++) {
            same = in[start + i] == usual.charAt(i);
        }
        return same ? usual : new String(in, start, stop - start, StandardCharsets.ISO_8859_1);
    }

    private Headers fields() throws Malformed {
        int first = at;
        FieldIndex index = new FieldIndex(first, FEW_LINES + (end - at) / USUAL_LINE);
        while (true) {
            int lineEnd = lineEnd();
            if (lineEnd == at) {
                return index.over(in, at);
            }
            checkLimits(first, lineEnd, index.size());
            field(lineEnd, index);
            at = lineEnd + 2;
        }
    }

    private void checkLimits(int first, int lineEnd, int size) throws Malformed {
        if (lineEnd - at > limits.field()) {
            throw new Malformed(431, "a field line is longer than " + limits.field() + " bytes");
        }
        if (lineEnd - first > limits.total()) {
            throw new Malformed(431, "the fields are longer than " + limits.total() + " bytes");
        }
        if (size == limits.count()) {
            throw new Malformed(431, "there are more than " + limits.count() + " field lines");
        }
    }

    private void field(int lineEnd, FieldIndex index) throws Malformed {
        if (in[at] == ' ' || in[at] == '\t') {
            throw new Malformed(400, "a field line is folded (RFC 9112 section 5.2)");
        }
        int colon = at;
        int hash = 0;
        while (colon < lineEnd && in[colon] != ':') {
            if (!Grammar.isTokenByte(in[colon])) {
                throw new Malformed(400, "a field name is not a token (RFC 9112 section 5.1)");
            }
            hash = 31 * hash + (in[colon] | 0x20);
            colon++;
        }
        if (colon == lineEnd || colon == at) {
            throw new Malformed(400, "a field line has no name (RFC 9112 section 5)");
        }
        int start = colon + 1;
        int stop = lineEnd;
        while (start < stop && isSpace(in[start])) {
            start++;
        }
        while (stop > start && isSpace(in[stop - 1])) {
            stop--;
        }
        checkValue(start, stop);
        if (start == colon + 2 && in[colon + 1] == ' ' && stop == lineEnd) {
            index.addAsWritten(at, colon, stop, hash);
        } else {
            index.add(at, colon, start, stop, hash);
        }
    }

    private void checkValue(int start, int stop) throws Malformed {
        for (int i = start; i < stop; i++) {
            if (!Grammar.isValueByte(in[i])) {
                throw new Malformed(400, "a control character stands in the head (RFC 9110 section 5.5)");
            }
        }
    }

    private int lineEnd() throws Malformed {
        for (int i = at; i < end; i++) {
            if (in[i] == '\n') {
                if (i == at || in[i - 1] != '\r') {
                    throw new Malformed(400, "a line ends without CR (RFC 9112 section 2.2)");
                }
                return i - 1;
            }
        }
        throw new Malformed(400, "the head is not complete");
    }

    private int find(char wanted, int start, int stop) {
        for (int i = start; i < stop; i++) {
            if (in[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
