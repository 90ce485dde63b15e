package io.larder.upstream.discovery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value: {@code host:port} as people write it, nothing looked up.
 *
 * @param host a name in lower case, or an IP address, IPv6 without brackets
 */
record HostAndPort(String host, int port) {
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,254}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\\.?");
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?[0-9]+\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]+");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** Reads {@code name:port}, {@code 192.0.2.1:port} or {@code [2001:db8::1]:port}; nothing if it is none of these. */
    static Optional<HostAndPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !PORT.matcher(text.substring(colon + 1)).matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (port < 1 || port > 65535) {
            return Optional.empty();
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            String inner = host.substring(1, host.length() - 1);
            boolean address = IPV6.matcher(inner).matches() && NetUtil.isValidIpV6Address(inner);
            return address ? Optional.of(new HostAndPort(inner, port)) : Optional.empty();
        }
        return isName(host) || NetUtil.isValidIpV4Address(host)
                ? Optional.of(new HostAndPort(host, port))
                : Optional.empty();
    }

    /**
     * Whether it can be a host name: labels as of RFC 1123 §2.1, underscores allowed, perhaps the root's dot. A name whose
     * last label is a number is a mistyped address (RFC 3696 §2).
     */
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !NUMERIC_END.matcher(text).matches();
    }

    /** As an address, without a look-up: names stay unresolved. */
    InetSocketAddress address() {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return address == null ? InetSocketAddress.createUnresolved(host, port) : new InetSocketAddress(address, port);
    }
}
