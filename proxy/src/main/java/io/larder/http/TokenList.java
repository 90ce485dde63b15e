package io.larder.http;

/** Membership in comma-separated lists of tokens, such as {@code Connection} and {@code TE} (RFC 9110 §5.6.1). */
public final class TokenList {
    private TokenList() {}

    /** Whether any line called {@code name} lists {@code token}, in any case, with or without parameters. */
    public static boolean contains(Headers headers, FieldName name, String token) {
        for (int i = headers.indexOf(name, 0); i >= 0; i = headers.indexOf(name, i + 1)) {
            if (contains(headers, i, token)) {
                return true;
            }
        }
        return false;
    }

    /** Reads the octets as they lie: asked of every response that a server sends. */
    private static boolean contains(Headers headers, int line, String token) {
        int length = headers.valueLength(line);
        for (int start = 0; start <= length; start++) {
            int end = start;
            while (end < length && headers.valueOctet(line, end) != ',') {
                end++;
            }
            if (isElement(headers, line, start, end, token)) {
                return true;
            }
            start = end;
        }
        return false;
    }

    private static boolean isElement(Headers headers, int line, int from, int to, String token) {
        int start = skipSpace(headers, line, from, to);
        int after = start + token.length();
        if (after > to) {
            return false;
        }
        for (int i = 0; i < token.length(); i++) {
            if (Headers.lower(headers.valueOctet(line, start + i)) != Headers.lower(token.charAt(i))) {
                return false;
            }
        }
        after = skipSpace(headers, line, after, to);
        return after == to || headers.valueOctet(line, after) == ';';
    }

    private static int skipSpace(Headers headers, int line, int from, int to) {
        int at = from;
        while (at < to && FieldList.isSpace((char) headers.valueOctet(line, at))) {
            at++;
        }
        return at;
    }
}
