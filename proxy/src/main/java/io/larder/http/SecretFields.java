package io.larder.http;

import java.util.List;
import java.util.Locale;

/** Which fields and cookies carry what nobody else may see, as far as a name tells. */
public final class SecretFields {
    private static final List<String> WORDS =
            List.of("auth", "cookie", "token", "secret", "password", "key", "credential", "session", "csrf");

    private SecretFields() {}

    /** Whether a field or cookie called {@code name}, in any case, is taken to carry a secret. */
    public static boolean isNamed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }
}
