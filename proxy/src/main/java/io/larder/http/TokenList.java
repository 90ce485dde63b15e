package io.larder.http;

/** Membership in comma-separated lists of tokens, such as {@code Connection} and {@code TE} (RFC 9110 §5.6.1). */
public final class TokenList {
    private TokenList() {}

    /** Whether any line called {@code name} lists {@code token}, in any case, with or without parameters. */
    public static boolean contains(Headers headers, FieldName name, String token) {
        for (int i = headers.indexOf(name, 0); i >= 0; i = headers.indexOf(name, i + 1)) {
            if (contains(headers.value(i), token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String list, String token) {
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            if (isElement(list, start, end, token)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static boolean isElement(String list, int from, int to, String token) {
        int start = from;
        while (start < to && FieldList.isSpace(list.charAt(start))) {
            start++;
        }
        if (!list.regionMatches(true, start, token, 0, token.length())) {
            return false;
        }
        int after = start + token.length();
        while (after < to && FieldList.isSpace(list.charAt(after))) {
            after++;
        }
        return after == to || (after < to && list.charAt(after) == ';');
    }
}
