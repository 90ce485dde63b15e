package io.larder.policy;

import io.larder.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one client that a {@code private} response is kept for. */
final class Owner {
    private Owner() {}

    /**
     * What stands for the client who sent {@code request}: a digest, so that no secret gets into keys, logs and
     * explanations. Null for one who does not say who it is, or says it twice: origins differ in which they believe.
     */
    static @Nullable String of(CacheRules.Selector by, Headers request) {
        List<String> values = switch (by) {
            case CacheRules.Selector.OfCookie(String name) -> Cookies.values(request, name);
            case CacheRules.Selector.OfHeader header -> request.all(header.name());
        };
        return values.size() != 1 || values.get(0).isEmpty() ? null : digest(values.get(0));
    }

    private static String digest(String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] octets = sha.digest(secret.getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
