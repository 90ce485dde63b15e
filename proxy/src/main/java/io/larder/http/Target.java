package io.larder.http;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: the effective target URI (RFC 9110 §7.1).
 *
 * <p>The path and query keep the octets the client sent: what is routed is what is keyed is what is forwarded.
 *
 * @param scheme {@code http} or {@code https}: how the client reached us
 * @param authority of the target URI; {@link Authority#NONE} for an HTTP/1.0 request that named no host
 * @param path raw, begins with {@code /}; or {@code *} for the asterisk form
 * @param query raw, without its {@code ?}; null where there is no {@code ?} at all
 */
public record Target(
        String scheme,
        Authority authority,
        String path,
        @Nullable String query) {

    /** A target from its parts, e.g. {@code of("http", "a.example", "/p?q=1")}; for rewriting and tests. */
    public static Target of(String scheme, String authority, String pathAndQuery) {
        Authority parsed = Authority.parse(authority);
        return new Target(scheme, parsed == null ? Authority.NONE : parsed, "/", null).withPathAndQuery(pathAndQuery);
    }

    /**
     * Reads a request target in origin, absolute or asterisk form (RFC 9112 §3.2) together with the Host field.
     *
     * <p>CONNECT never gets here: its authority form is answered before.
     *
     * @param scheme of the connection; an absolute form's own scheme does not change how the client reached us
     * @param host the authority of the Host field, or {@link Authority#NONE}
     * @throws Malformed 400 for any other form
     */
    public static Target parse(String method, String raw, String scheme, Authority host) throws Malformed {
        if (raw.startsWith("/")) {
            return split(scheme, host, raw);
        }
        if (raw.equals("*")) {
            if (!method.equals("OPTIONS")) {
                throw new Malformed(400, "asterisk-form is for OPTIONS only (RFC 9112 section 3.2.4)");
            }
            return new Target(scheme, host, "*", null);
        }
        return absolute(method, raw, scheme);
    }

    private static Target absolute(String method, String raw, String scheme) throws Malformed {
        int start = afterScheme(raw);
        int end = start;
        while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
            end++;
        }
        Authority authority = Authority.parse(raw.substring(start, end));
        if (authority == null) {
            throw new Malformed(400, "the request target has no valid authority (RFC 9112 section 3.2.2)");
        }
        String rest = raw.substring(end);
        if (rest.isEmpty()) {
            return new Target(scheme, authority, method.equals("OPTIONS") ? "*" : "/", null);
        }
        return split(scheme, authority, rest.startsWith("/") ? rest : "/" + rest);
    }

    private static int afterScheme(String raw) throws Malformed {
        if (raw.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        if (raw.regionMatches(true, 0, "https://", 0, 8)) {
            return 8;
        }
        throw new Malformed(400, "the request target is in no form we serve (RFC 9112 section 3.2)");
    }

    /** This target with another path and query, as they stand in a request line. */
    public Target withPathAndQuery(String raw) {
        return split(scheme, authority, raw);
    }

    private static Target split(String scheme, Authority authority, String raw) {
        int mark = raw.indexOf('?');
        return mark < 0
                ? new Target(scheme, authority, raw, null)
                : new Target(scheme, authority, raw.substring(0, mark), raw.substring(mark + 1));
    }

    public Target withScheme(String other) {
        return new Target(other, authority, path, query);
    }

    /** This target at another host. */
    public Target withAuthority(Authority other) {
        return other.equals(authority) ? this : new Target(scheme, other, path, query);
    }

    /** The origin form that goes to a server: path, and query with its {@code ?} where there was one. */
    public String pathAndQuery() {
        return query == null ? path : path + "?" + query;
    }

    /** The target URI. */
    public String uri() {
        return scheme + "://" + authority + (path.equals("*") ? "" : pathAndQuery());
    }
}
