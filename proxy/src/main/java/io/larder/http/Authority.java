package io.larder.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host and, where written, a port (RFC 3986 §3.2, RFC 9110 §4.2), validated, in lower case and without a dot at its end.
 *
 * @param host a registered name, an IPv4 address or a bracketed IPv6 address; empty for "none given"
 * @param port 1–65535, or {@link #NO_PORT}
 */
public record Authority(String host, int port) {
    /** The port was not written. */
    public static final int NO_PORT = -1;

    /** What a request without any host has. */
    public static final Authority NONE = new Authority("", NO_PORT);

    /**
     * Reads {@code uri-host [ ":" port ]} as in a Host field (RFC 9110 §7.2).
     *
     * @return null when the text is anything else: user information, white space, a list, a bad port
     */
    public static @Nullable Authority parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : endOfName(text);
        if (hostEnd <= 0 || !isHost(text.substring(0, hostEnd))) {
            return null;
        }
        String host = withoutRoot(text.substring(0, hostEnd)).toLowerCase(Locale.ROOT);
        if (host.isEmpty() || host.endsWith(".")) {
            return null;
        }
        if (hostEnd == text.length()) {
            return new Authority(host, NO_PORT);
        }
        if (text.charAt(hostEnd) != ':') {
            return null;
        }
        return withPort(host, text.substring(hostEnd + 1));
    }

    /** The dot that ends a fully qualified name (RFC 1034 §3.1) names the same host: one entry, one site, one purge. */
    private static String withoutRoot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static int endOfName(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    private static @Nullable Authority withPort(String host, String digits) {
        if (digits.isEmpty()) {
            return new Authority(host, NO_PORT); // port = *DIGIT: an empty port is the default one
        }
        if (digits.length() > 5) {
            return null;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            port = port * 10 + (c - '0');
        }
        return port == 0 || port > 0xffff ? null : new Authority(host, port);
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return IpLiteral.isV6(host, 1, host.length() - 1);
        }
        if (host.isEmpty() || host.length() > 255) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            if (!isNameChar(host.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameChar(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** This authority without a port that {@code scheme} implies anyway (RFC 9110 §4.2.3). */
    public Authority normalised(String scheme) {
        boolean implied = (port == 80 && scheme.equals("http")) || (port == 443 && scheme.equals("https"));
        return implied ? new Authority(host, NO_PORT) : this;
    }

    public boolean isNone() {
        return host.isEmpty();
    }

    @Override
    public String toString() {
        return port == NO_PORT ? host : host + ":" + port;
    }
}
