package io.larder.http;

/**
 * Entity tags (RFC 9110 §8.8.3), compared as they stand: a tag that breaks the grammar matches only the same octets, so
 * nothing need be refused.
 */
public final class EntityTag {
    private EntityTag() {}

    /** Whether it is marked weak. */
    public static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    /** Weak comparison (RFC 9110 §8.8.3.2): the opaque parts are the same, octet by octet. */
    public static boolean weaklyEqual(String a, String b) {
        return opaque(a).equals(opaque(b));
    }

    /** Strong comparison (RFC 9110 §8.8.3.2): the same, and neither is weak. */
    public static boolean stronglyEqual(String a, String b) {
        return !isWeak(a) && a.equals(b);
    }

    private static String opaque(String tag) {
        return isWeak(tag) ? tag.substring(2) : tag;
    }

    /** Whether {@code list}, the value of an {@code If-None-Match} field, names {@code tag} by weak comparison (RFC 9110 §13.1.2). */
    public static boolean listMatches(String list, String tag) {
        int start = 0;
        while (start <= list.length()) {
            int end = endOfTag(list, start);
            String member = FieldList.trim(list, start, end);
            if (!member.isEmpty() && weaklyEqual(member, tag)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /** Unlike in a quoted string, a backslash in an entity tag is an octet like any other (RFC 9110 §8.8.3). */
    private static int endOfTag(String list, int start) {
        boolean quoted = false;
        for (int i = start; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                return i;
            }
        }
        return list.length();
    }
}
