package io.larder.fragment;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What keeps a visitor from writing a page: how the values of variables are written where they are put. */
public enum Escaping {
    /** For comparing. */
    NONE {
        @Override
        String of(Variable variable, String value) {
            return value;
        }
    },

    /** Among a page's markup, or in an attribute in quotes: text, and never a tag. */
    MARKUP {
        @Override
        String of(Variable variable, String value) {
            StringBuilder text = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                switch (c) {
                    case '<' -> text.append("&lt;");
                    case '>' -> text.append("&gt;");
                    case '&' -> text.append("&amp;");
                    case '"' -> text.append("&quot;");
                    case '\'' -> text.append("&#39;");
                    case '\0' -> text.append('\uFFFD');
                    default -> text.append(c);
                }
            }
            return text.toString();
        }
    },

    /**
     * In a reference: one value of a parameter or one segment of a path, whatever it is (RFC 3986 §2.1). The query and the
     * host are parts of a reference already, and stay what they are.
     */
    REFERENCE {
        @Override
        String of(Variable variable, String value) {
            return percent(value, variable.key() == null ? PARTS.getOrDefault(variable.name(), "") : "");
        }
    },

    /**
     * In a reference that leads nowhere but to the same site, whatever it is made of ({@link Node.Virtual}): as in any, but
     * that the target of the request and its path, too, stay what they are.
     */
    SITE_REFERENCE {
        @Override
        String of(Variable variable, String value) {
            String kept = variable.key() == null ? TARGETS.get(variable.name()) : null;
            return kept == null ? REFERENCE.of(variable, value) : percent(value, kept);
        }
    },

    /** In a reference that is written among a page's markup: one part of it, whatever variable it is the value of. */
    COMPONENT {
        @Override
        String of(Variable variable, String value) {
            return percent(value, "");
        }
    };

    private static final String HEX = "0123456789ABCDEF";
    private static final Map<String, String> PARTS = Map.of("QUERY_STRING", "!$&'()*+,;=:@/?%", "HTTP_HOST", "[]:");
    private static final Map<String, String> TARGETS =
            Map.of("REQUEST_URI", "!$&'()*+,;=:@/?%", "DOCUMENT_URI", "!$&'()*+,;=:@/"); // the latter is decoded

    /** {@code value}, the value of {@code variable}, as it is written there. */
    abstract String of(Variable variable, String value);

    private static String percent(String value, String kept) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isUnreserved(c) || kept.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
