package io.larder.http;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated lists in field values (RFC 9110 §5.6.1): members apart, quoted strings whole. Total: any text is a list. */
public final class FieldList {
    private FieldList() {}

    /** The members of all lines called {@code name}, in order, without surrounding white space; empty ones left out. */
    public static List<String> of(Headers headers, FieldName name) {
        int i = headers.indexOf(name, 0);
        if (i < 0) {
            return List.of();
        }
        List<String> members = new ArrayList<>(4);
        for (; i >= 0; i = headers.indexOf(name, i + 1)) {
            split(headers.value(i), members);
        }
        return members;
    }

    /** The members of one value; see {@link #of}. */
    public static List<String> members(String value) {
        return split(value, new ArrayList<>(4));
    }

    private static List<String> split(String value, List<String> into) {
        int start = 0;
        boolean quotes = true;
        while (start <= value.length()) {
            int end = endOfMember(value, start, quotes);
            if (end < 0) {
                quotes = false; // one that nobody closed hides none of the members behind it
                continue;
            }
            String member = trim(value, start, end);
            if (!member.isEmpty()) {
                into.add(member);
            }
            start = end + 1;
        }
        return into;
    }

    /** -1 where it ends within a quoted string; {@code quotes} tells whether there are such. */
    private static int endOfMember(String value, int start, boolean quotes) {
        boolean quoted = false;
        for (int i = start; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quotes && c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++; // quoted-pair (RFC 9110 §5.6.4)
            } else if (!quoted && c == ',') {
                return i;
            }
        }
        return quoted ? -1 : value.length();
    }

    /** {@code value} from {@code start} to {@code end} without optional white space (RFC 9110 §5.6.3) around it. */
    static String trim(String value, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
