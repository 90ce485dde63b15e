package io.larder.badhouse.policy;

import io.larder.http.CacheControl;
import io.larder.http.Fields;
import io.larder.http.Headers;

/** Has its own idea of what a response says. */
public final class ReadsDirectives {
    private ReadsDirectives() {}

    /** One way, and another. */
    public static boolean isShared(Headers response) {
        return CacheControl.of(response).has("public") || response.first(Fields.CACHE_CONTROL) == null;
    }
}
