package io.larder.policy;

import org.jspecify.annotations.Nullable;

/**
 * The name of a query parameter.
 *
 * @param text as the client spelled it
 * @param common equal for all spellings that some origin takes for one name: escapes decoded, case left out (ASP.NET),
 *     {@code .} and blanks as {@code _} and nothing from {@code [} on (PHP); null where nobody can say
 */
record ParameterName(String text, @Nullable String common) {

    /** Of a parameter, the part before its first {@code =}. */
    static ParameterName of(String parameter) {
        int equals = parameter.indexOf('=');
        String text = equals < 0 ? parameter : parameter.substring(0, equals);
        return new ParameterName(text, common(text));
    }

    /** Whether it is spelled without anything that an origin decodes. */
    boolean isLiteral() {
        return common != null && text.indexOf('%') < 0 && text.indexOf('+') < 0;
    }

    static @Nullable String common(String text) {
        StringBuilder common = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int octet = octet(text, i + 1);
                if (octet < 0) {
                    return null;
                }
                c = (char) octet;
                i += 2;
            } else if (c == '+') {
                c = ' ';
            }
            // an escape inside the escaped, controls, other letters than ASCII's: each is one thing here, another there
            if (c < ' ' || c >= 0x7f || c == '%') {
                return null;
            }
            if (c == '[') {
                break;
            }
            if (c != ' ' || !common.isEmpty()) {
                common.append(c == '.' || c == ' ' ? '_' : lower(c));
            }
        }
        return common.toString();
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    private static int octet(String text, int at) {
        int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(at + 1), 16);
        return low < 0 ? -1 : high * 16 + low;
    }
}
