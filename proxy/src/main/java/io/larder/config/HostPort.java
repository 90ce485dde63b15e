package io.larder.config;

import io.larder.http.Cidr;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value: an address to listen on or to connect to; nothing is looked up.
 *
 * @param host a name or IP address, IPv6 without brackets; empty means every local address
 * @param port 0–65535; 0 lets the system choose (listening only)
 */
public record HostPort(String host, int port) {
    public HostPort {
        Checks.require(port >= 0 && port <= 65535, "a port is from 0 to 65535");
    }

    /** Reads {@code host:port}, {@code [ipv6]:port} or {@code :port}; null when it is none of these. */
    public static @Nullable HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        String digits = text.substring(colon + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(digits) : -1;
        String host = host(text.substring(0, colon));
        return host == null || port < 0 || port > 65535 ? null : new HostPort(host, port);
    }

    /** Whether only this machine can reach it: {@code localhost}, 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || (host.startsWith("127.") && isAddress(host));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static @Nullable String host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            String inner = text.substring(1, text.length() - 1);
            return inner.indexOf(':') >= 0 && isAddress(inner) ? inner.toLowerCase(Locale.ROOT) : null;
        }
        return text.isEmpty() || isName(text) ? text.toLowerCase(Locale.ROOT) : null;
    }

    private static boolean isAddress(String text) {
        return text.indexOf('/') < 0 && Cidr.parse(text).isPresent();
    }

    /** Whether the text can be a host name or an IPv4 address: labels as of RFC 1123 §2.1, underscores allowed. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > 253) {
            return false;
        }
        // All-numeric last label: an address or a mistyped one, never a name (RFC 3696 §2).
        String last = text.substring(text.lastIndexOf('.') + 1);
        if (!last.isEmpty() && last.chars().allMatch(Character::isDigit)) {
            return isAddress(text);
        }
        for (String label : text.split("\\.", -1)) {
            boolean good =
                    !label.isEmpty() && label.length() <= 63 && label.chars().allMatch(HostPort::isLabelChar);
            if (!good || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabelChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
