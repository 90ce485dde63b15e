package io.larder.admission;

import io.larder.http.FieldName;
import io.larder.http.Fields;

/** What a client must show. */
public sealed interface AuthRule {
    /** Where it is written; whoever has met it once has met it for all parts of a page. */
    String name();

    /** What clients are told that it is for (RFC 9110 §11.5). */
    String realm();

    /** A name and its password (RFC 7617). */
    record Passwords(String name, String realm) implements AuthRule {}

    /**
     * A signed token (RFC 6750, RFC 7519).
     *
     * @param field that brings it
     */
    record Tokens(String name, String realm, FieldName field, TokenRules expected) implements AuthRule {
        /** Whether caches know by themselves that an answer may be for one client alone (RFC 9111 §3.5). */
        public boolean isKnownToCaches() {
            return field.equals(Fields.AUTHORIZATION);
        }
    }
}
