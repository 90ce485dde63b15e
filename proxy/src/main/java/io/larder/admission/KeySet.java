package io.larder.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that an issuer signs tokens with (a JWK set, RFC 7517 §5). What we cannot use of it is left out. */
public record KeySet(List<Key> keys) {
    private static final int MOST = 100;

    public KeySet {
        keys = List.copyOf(keys);
    }

    /**
     * A key.
     *
     * @param id its {@code kid}; null where it has none
     * @param algorithm that it is for
     */
    public record Key(@Nullable String id, TokenAlgorithm algorithm, PublicKey key) {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException as {@link #fault} says
     */
    public static KeySet of(byte[] content) {
        JsonNode all = Json.object(content);
        if (all == null || !all.path("keys").isArray()) {
            throw new IllegalArgumentException("is no JWK set (RFC 7517 section 5)");
        }
        List<Key> keys = new ArrayList<>();
        for (JsonNode each : all.get("keys")) {
            Key key = keys.size() == MOST ? null : PublicKeys.of(each);
            if (key != null) {
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("has no key for RS256 (2048 bits at least), ES256 or EdDSA");
        }
        return new KeySet(keys);
    }

    /** What is wrong with a file of this content, as it goes on behind its name; null: nothing. */
    public static @Nullable String fault(byte[] content) {
        try {
            of(content);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /**
     * Those that may have signed a token.
     *
     * @param id as the token says; null where it does not: any that is for the algorithm
     */
    List<Key> candidates(TokenAlgorithm algorithm, @Nullable String id) {
        return keys.stream()
                .filter(key -> key.algorithm == algorithm && (id == null || id.equals(key.id)))
                .toList();
    }
}
