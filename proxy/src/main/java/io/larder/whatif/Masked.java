package io.larder.whatif;

import java.util.List;
import java.util.Locale;

/** Values that may be secrets, in a form that may be shown. */
final class Masked {
    private static final List<String> SECRET =
            List.of("auth", "cookie", "token", "secret", "password", "key", "credential", "session", "csrf");

    private Masked() {}

    /** What may be shown of the field {@code name}. */
    static String field(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET.stream().anyMatch(lower::contains) ? hidden(value) : value;
    }

    /** Of a secret, whether it is there and how long it is. */
    static String hidden(String value) {
        return "******** (" + value.length() + " characters)";
    }
}
