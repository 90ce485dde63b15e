package io.larder.policy.tripwire;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a page may spell a value that a visitor sent. */
final class Spellings {
    private static final List<String> APOSTROPHES = List.of("&#39;", "&#x27;", "&#039;", "'");

    /** What any of the spellings changes. */
    private static final String SPECIAL = "%&<>\"'/\\";

    private Spellings() {}

    /**
     * As it was sent, with its percent-escapes decoded, and both as they stand in HTML and in strings of JSON.
     *
     * @param value one octet a character
     */
    static Set<String> of(String value) {
        String bare = unquoted(value);
        if (bare.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0)) {
            return Set.of(bare);
        }
        Set<String> all = new LinkedHashSet<>();
        for (String plain : List.of(bare, decoded(bare))) {
            all.add(plain);
            for (String apostrophe : APOSTROPHES) {
                all.add(html(plain, apostrophe));
            }
            all.add(plain.replace("\\", "\\\\").replace("\"", "\\\""));
            all.add(plain.replace("/", "\\/"));
        }
        return all;
    }

    /** A cookie's value may stand in double quotes (RFC 6265 §4.1.1). */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** RFC 3986 §2.1; what is no escape stays as it is. */
    static String decoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            int octet = value.charAt(i) == '%' && i + 2 < value.length() ? octet(value, i + 1) : -1;
            plain.append(octet < 0 ? value.charAt(i) : (char) octet);
            i += octet < 0 ? 0 : 2;
        }
        return plain.toString();
    }

    private static int octet(String value, int at) {
        int high = Character.digit(value.charAt(at), 16);
        int low = Character.digit(value.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static String html(String plain, String apostrophe) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", apostrophe);
    }
}
