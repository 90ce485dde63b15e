package io.larder.assembly;

import io.larder.exchange.Lack;
import io.larder.http.Authority;
import io.larder.http.Target;
import io.larder.http.UriReference;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page's reference to a fragment leads. A page gets what its own site serves, and what the route names, through the
 * gateway; a reference is never a reason to connect to anything.
 */
public sealed interface FragmentTarget {
    /**
     * It leads to something that may be asked for.
     *
     * @param foreign whether that is another host's, which is not shown what the visitor showed this one
     */
    record Allowed(Target target, boolean foreign) implements FragmentTarget {}

    /** It leads to nothing that may be asked for; {@code detail} holds nothing of the reference. */
    record Refused(Lack why, String detail) implements FragmentTarget {}

    /** No longer target is asked for. */
    int LONGEST = 8_192;

    /** Characters that no request target has (RFC 3986 §2). */
    String UNSAFE = "\"<>\\^`{|}";

    /** Writes octets in percent form. */
    HexFormat HEX = HexFormat.of().withUpperCase();

    /**
     * What {@code reference} leads to from {@code page}.
     *
     * @param reference as the page has it
     * @param hosts that may be included besides the page's own, in lower case; {@code *.} stands for any labels
     */
    static FragmentTarget of(Target page, String reference, List<String> hosts) {
        if (isPlain(reference)) {
            return new Allowed(page.withPathAndQuery(reference), false);
        }
        String written = encoded(reference.strip());
        if (written == null || hidesControls(written)) {
            return new Refused(Lack.REFERENCE, "a control character in the reference");
        }
        if (written.isEmpty() || written.length() > LONGEST) {
            return new Refused(
                    Lack.REFERENCE, written.isEmpty() ? "an empty reference" : "a reference that is too long");
        }
        Target target = UriReference.resolve(page, written);
        if (target == null || !target.path().startsWith("/")) {
            return new Refused(Lack.REFERENCE, "no http reference");
        }
        Target here = target.withScheme(page.scheme());
        if (isSame(page, target)) {
            return new Allowed(here.withAuthority(page.authority()), false);
        }
        return isAllowed(target.authority(), hosts)
                ? new Allowed(here, true)
                : new Refused(Lack.HOST, "a host that is not allowed");
    }

    /** Whether it is a path, and perhaps a query, as it stands: most are. */
    private static boolean isPlain(String reference) {
        int length = reference.length();
        if (length == 0 || length > LONGEST || reference.charAt(0) != '/' || reference.startsWith("//")) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = reference.charAt(i);
            boolean dots = c == '.' && reference.charAt(i - 1) == '/';
            if (c <= ' ' || c >= 0x7f || c == '%' || c == '#' || dots || UNSAFE.indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Target page, Target target) {
        Authority own = page.authority().normalised(page.scheme());
        return target.authority().normalised(target.scheme()).equals(own);
    }

    private static boolean isAllowed(Authority authority, List<String> hosts) {
        return authority.port() == Authority.NO_PORT
                && hosts.stream()
                        .anyMatch(host -> host.startsWith("*.")
                                ? authority.host().endsWith(host.substring(1))
                                : authority.host().equals(host));
    }

    /** With what no request target may have in percent form; null where it has a control character. */
    private static @Nullable String encoded(String reference) {
        StringBuilder text = new StringBuilder(reference.length());
        for (byte octet : reference.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xff;
            if (c < ' ' || c == 0x7f) {
                return null;
            }
            if (c > ' ' && c < 0x7f && UNSAFE.indexOf(c) < 0) {
                text.append((char) c);
            } else {
                text.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return text.toString();
    }

    /** Whether it has one in percent form: an origin that decodes before it parses would see two lines. */
    private static boolean hidesControls(String written) {
        for (int at = written.indexOf('%'); at >= 0 && at + 2 < written.length(); at = written.indexOf('%', at + 1)) {
            int octet =
                    (Character.digit(written.charAt(at + 1), 16) << 4) | Character.digit(written.charAt(at + 2), 16);
            if (octet >= 0 && (octet < ' ' || octet == 0x7f)) {
                return true;
            }
        }
        return false;
    }
}
