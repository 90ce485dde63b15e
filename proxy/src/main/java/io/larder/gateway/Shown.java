package io.larder.gateway;

import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request shows of who its client is (RFC 9110 §11.6.2). */
final class Shown {
    private Shown() {}

    /** A name and a password (RFC 7617 §2). */
    record Login(String name, String password) {}

    /** The name and the password that a request shows; null where it shows none, or more than one. */
    static @Nullable Login login(Headers headers) {
        String shown = after("Basic", only(headers, Fields.AUTHORIZATION));
        if (shown == null) {
            return null;
        }
        try {
            byte[] octets = Base64.getDecoder().decode(shown);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            int colon = text.indexOf(':');
            boolean sound =
                    colon > 0 && colon < text.length() - 1 && text.chars().noneMatch(Character::isISOControl);
            return sound ? new Login(text.substring(0, colon), text.substring(colon + 1)) : null;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    /** The token that a request shows; in another field than Authorization it may stand alone. */
    static @Nullable String token(Headers headers, FieldName field) {
        String value = only(headers, field);
        String token = after("Bearer", value);
        return token == null && value != null && !field.equals(Fields.AUTHORIZATION) ? value : token;
    }

    private static @Nullable String only(Headers headers, FieldName field) {
        List<String> values = headers.all(field);
        return values.size() == 1 ? values.get(0) : null;
    }

    private static @Nullable String after(String scheme, @Nullable String value) {
        boolean ofScheme = value != null
                && value.length() > scheme.length()
                && value.charAt(scheme.length()) == ' '
                && value.regionMatches(true, 0, scheme, 0, scheme.length());
        return ofScheme && value != null ? value.substring(scheme.length()).strip() : null;
    }
}
