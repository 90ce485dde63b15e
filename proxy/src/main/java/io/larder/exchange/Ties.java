package io.larder.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ties a client to servers: a value. A fragment's request has that of its page.
 *
 * @param cookies that the gateway gave the client itself, by name, as it brings them back; they are in no request any more
 * @param server that it is bound to, by its configured address; null: to none
 */
public record Ties(Map<String, String> cookies, @Nullable String server) {
    /** Nothing. */
    public static final Ties NONE = new Ties(Map.of(), null);

    public Ties {
        cookies = Map.copyOf(cookies);
    }

    /** Those of a client who brings {@code cookies}. */
    public static Ties of(Map<String, String> cookies) {
        return cookies.isEmpty() ? NONE : new Ties(cookies, null);
    }

    /** The value of the cookie called {@code name}; null where the client brings none. */
    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }

    /** The same for a client who is bound to {@code other}; null: to none. */
    public Ties to(@Nullable String other) {
        return new Ties(cookies, other);
    }
}
