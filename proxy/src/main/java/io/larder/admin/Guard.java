package io.larder.admin;

import io.larder.http.Authority;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call the admin API: immutable rules.
 *
 * <p>The Host field must name the admin address, so that a page of another site cannot reach the API by rebinding its own
 * name (an address literal cannot be rebound); a foreign Origin is refused; where a token is set, it must be shown.
 */
public final class Guard {
    private static final FieldName ORIGIN = FieldName.of("Origin");
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");
    private static final Set<String> WILDCARDS = Set.of("", "0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]");
    private static final String BEARER = "bearer ";

    private final String bind;
    private final Set<String> names;
    private final byte @Nullable [] token;

    /**
     * @param bind the host the API listens on, as configured: a name, an IP literal, or empty for all addresses
     * @param names further names of this machine that callers use
     * @param token that callers must show; null for none
     */
    public Guard(String bind, Set<String> names, @Nullable String token) {
        this.bind = bracketed(bind.toLowerCase(Locale.ROOT));
        this.names = Set.copyOf(names);
        this.token = token == null ? null : digest(token);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** @throws Refused when {@code request} may not be carried out */
    void check(Request request) throws Refused {
        Authority authority = request.target().authority();
        if (!isOurs(authority.host())) {
            throw Refused.of(
                    421, "the Host field must name the admin address, such as localhost or the address in admin.bind");
        }
        String origin = request.headers().combined(ORIGIN);
        if (origin != null && !isOrigin(origin, authority)) {
            throw Refused.of(403, "calls from pages of another origin are refused");
        }
        if (!PROBES.contains(request.target().path())) {
            checkToken(request);
        }
    }

    private boolean isOurs(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || (host.startsWith("127.") && isIpv4(host))
                || (!host.isEmpty() && host.equals(bind))
                || names.contains(host)
                || (WILDCARDS.contains(bind) && (host.startsWith("[") || isIpv4(host)));
    }

    private static boolean isIpv4(String host) {
        String[] parts = host.split("\\.", -1);
        boolean numbers = true;
        for (String part : parts) {
            numbers &= !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        }
        return numbers && parts.length == 4;
    }

    /** Whether {@code origin} (RFC 6454 §7) is the very address that was called. */
    private static boolean isOrigin(String origin, Authority authority) {
        for (String scheme : new String[] {"http", "https"}) {
            String prefix = scheme + "://";
            if (origin.startsWith(prefix)) {
                Authority from = Authority.parse(origin.substring(prefix.length()));
                return from != null && from.normalised(scheme).equals(authority.normalised(scheme));
            }
        }
        return false;
    }

    private void checkToken(Request request) throws Refused {
        if (token == null) {
            return;
        }
        String shown = request.headers().combined(Fields.AUTHORIZATION);
        if (shown == null || !shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Refused.unauthorized("a token is needed: Authorization: Bearer TOKEN");
        }
        // Digests have one length: the comparison takes as long however much of a guess is right.
        boolean right =
                MessageDigest.isEqual(digest(shown.substring(BEARER.length()).trim()), token);
        if (!right) {
            throw Refused.unauthorized("the token is not the right one");
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
