package io.larder.server.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several certificates is shown for a name: the first that bears it, else the first with a wildcard for it, else the
 * first of all. A value.
 */
final class CertificateChoice {
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> wildcard = new HashMap<>(); // by what follows "*."
    private final int size;

    /** @param names those of each certificate, in lower case */
    CertificateChoice(List<List<String>> names) {
        this.size = names.size();
        for (int i = 0; i < size; i++) {
            for (String name : names.get(i)) {
                if (name.startsWith("*.")) {
                    wildcard.putIfAbsent(name.substring(2), i);
                } else {
                    exact.putIfAbsent(name, i);
                }
            }
        }
    }

    /**
     * The number of the certificate for {@code name}.
     *
     * @param name in lower case; null where the client named none (RFC 6066 §3)
     */
    int of(@Nullable String name) {
        if (name == null || size == 1) {
            return 0;
        }
        Integer found = exact.get(name);
        if (found == null) {
            int dot = name.indexOf('.'); // an asterisk stands for one label (RFC 9525 §6.3)
            found = dot <= 0 ? null : wildcard.get(name.substring(dot + 1));
        }
        return found == null ? 0 : found;
    }
}
