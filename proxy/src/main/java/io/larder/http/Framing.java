package io.larder.http;

import java.util.List;
import java.util.Locale;

/** How the end of a message's content is found (RFC 9112 §6.3). */
public sealed interface Framing {
    /** There is no content. */
    record None() implements Framing {}

    /** The only one of its kind that is needed. */
    None NONE = new None();

    /** Exactly {@code length} bytes follow. */
    record Exactly(long length) implements Framing {}

    /** Chunks follow, the last one says so. */
    record Chunked() implements Framing {}

    /** Content goes on until the connection closes; responses only. */
    record UntilClose() implements Framing {}

    /**
     * The framing of a request.
     *
     * @throws Malformed 400 for anything that two parsers could read differently, 501 for an unknown transfer coding
     */
    static Framing ofRequest(RequestHead head) throws Malformed {
        Headers headers = head.headers();
        boolean lengthGiven = headers.contains(Fields.CONTENT_LENGTH);
        if (headers.contains(Fields.TRANSFER_ENCODING)) {
            if (lengthGiven) {
                throw new Malformed(400, "both Content-Length and Transfer-Encoding (RFC 9112 section 6.3)");
            }
            if (head.minor() == 0) {
                throw new Malformed(400, "Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)");
            }
            if (!isChunkedOnly(headers)) {
                throw refusedCoding(headers);
            }
            return new Chunked();
        }
        return lengthGiven ? exactly(headers, 400) : NONE;
    }

    /**
     * The framing of a final response to a request with {@code method}.
     *
     * @param unknownCodingToClose read an unknown transfer coding to the close of the connection instead of refusing it
     * @throws Malformed 502 for framing that cannot be trusted
     */
    static Framing ofResponse(String method, ResponseHead head, boolean unknownCodingToClose) throws Malformed {
        if (method.equals("HEAD") || Response.isBodiless(head.status())) {
            return NONE;
        }
        Headers headers = head.headers();
        if (headers.contains(Fields.TRANSFER_ENCODING)) {
            return ofTransferCoding(head, unknownCodingToClose);
        }
        return headers.contains(Fields.CONTENT_LENGTH) ? exactly(headers, 502) : new UntilClose();
    }

    private static Framing ofTransferCoding(ResponseHead head, boolean unknownCodingToClose) throws Malformed {
        if (head.minor() == 1 && isChunkedOnly(head.headers())) {
            return new Chunked(); // a Content-Length beside it is overridden (RFC 9112 section 6.3, point 3)
        }
        if (unknownCodingToClose) {
            return new UntilClose();
        }
        throw new Malformed(502, "the response has a transfer coding other than chunked (RFC 9112 section 6.1)");
    }

    private static Malformed refusedCoding(Headers headers) {
        boolean unknown = !TokenList.contains(headers, Fields.TRANSFER_ENCODING, "chunked")
                && headers.all(Fields.TRANSFER_ENCODING).stream().allMatch(Framing::isTokenList);
        return unknown
                ? new Malformed(501, "a transfer coding other than chunked (RFC 9112 section 6.1)")
                : new Malformed(400, "Transfer-Encoding is not 'chunked' alone (RFC 9112 section 6.3)");
    }

    private static boolean isTokenList(String value) {
        for (String element : value.split(",", -1)) {
            if (!Grammar.isToken(element.strip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isChunkedOnly(Headers headers) {
        List<String> lines = headers.all(Fields.TRANSFER_ENCODING);
        return lines.size() == 1 && lines.get(0).toLowerCase(Locale.ROOT).equals("chunked");
    }

    private static Framing exactly(Headers headers, int status) throws Malformed {
        List<String> lines = headers.all(Fields.CONTENT_LENGTH);
        long length = lines.size() == 1 ? decimal(lines.get(0)) : -1;
        if (length < 0) {
            throw new Malformed(status, "Content-Length is not one decimal number (RFC 9112 section 6.3)");
        }
        return length == 0 ? NONE : new Exactly(length);
    }

    private static long decimal(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
