package io.larder.server.connection;

import io.larder.http.Authority;
import io.larder.http.Headers;
import org.jspecify.annotations.Nullable;

/** Reads Host fields; a client hardly ever names another than in its request before. Confined to its connection. */
public final class LastHost {
    private String text = "";
    private @Nullable Authority authority; // what the text says; null for nothing valid

    /** What line {@code i} says, as {@link Authority#parse}. */
    @Nullable
    Authority read(Headers fields, int i) {
        if (!fields.valueIs(i, text)) {
            text = fields.value(i);
            authority = Authority.parse(text);
        }
        return authority;
    }
}
