package io.larder.http;

import java.util.Arrays;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The textual forms of IP addresses (RFC 3986 §3.2.2), without any name look-up. */
public final class IpLiteral {
    private static final byte[] NONE = {};
    private static final int NO_GAP = -1;

    private IpLiteral() {}

    /** Four or sixteen bytes; none when the text is not an address. */
    public static byte[] parse(String text) {
        boolean v4 = text.indexOf(':') < 0;
        byte[] octets = new byte[v4 ? 4 : 16];
        boolean good = v4 ? scanV4(text, 0, text.length(), octets, 0) : scanV6(text, 0, text.length(), octets);
        return good ? octets : NONE;
    }

    /** Whether {@code text} from {@code from} to {@code to} is an IPv6 address, without brackets and without a zone. */
    static boolean isV6(String text, int from, int to) {
        return scanV6(text, from, to, null);
    }

    /**
     * The canonical text of an address (RFC 5952 §4), the one form in which clients are named everywhere; an IPv4-mapped IPv6
     * address is written as the IPv4 address that it carries.
     *
     * @param octets four or sixteen
     */
    public static String text(byte[] octets) {
        Cidr address = Cidr.of(octets);
        return address.v4() ? v4(address.low()) : v6(address.high(), address.low());
    }

    static String v4(long bits) {
        return (bits >> 24 & 255) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255);
    }

    static String v6(long high, long low) {
        StringJoiner groups = new StringJoiner(":");
        for (int shift = 48; shift >= 0; shift -= 16) {
            groups.add(Long.toHexString(high >>> shift & 0xffff));
        }
        for (int shift = 48; shift >= 0; shift -= 16) {
            groups.add(Long.toHexString(low >>> shift & 0xffff));
        }
        return compressed(groups.toString());
    }

    /** RFC 5952 §4.2: the longest run of two or more zero groups becomes "::", the first one of equals. */
    private static String compressed(String full) {
        for (int run = 8; run >= 2; run--) {
            String zeros = "0:".repeat(run - 1) + "0";
            int at = (":" + full + ":").indexOf(":" + zeros + ":");
            if (at >= 0) {
                String head = at == 0 ? "" : full.substring(0, at - 1);
                int end = at + zeros.length() + 1;
                return head + "::" + (end > full.length() ? "" : full.substring(end));
            }
        }
        return full;
    }

    /**
     * Scans an IPv6 address (RFC 3986 §3.2.2, {@code IPv6address}).
     *
     * @param octets where the sixteen octets go; null where only the grammar matters
     */
    private static boolean scanV6(String text, int from, int to, byte @Nullable [] octets) {
        int at = from;
        int count = 0;
        int gap = NO_GAP;
        if (isGap(text, from, to)) {
            gap = 0;
            at += 2;
        }
        // What a single colon separates must not be empty: nothing but a gap may end the text.
        boolean more = at < to || gap == NO_GAP;
        while (more) {
            int end = end(text, ':', at, to);
            int taken = scanGroup(text, at, end, end == to, octets, count);
            if (taken == 0) {
                return false;
            }
            count += taken;
            boolean second = isGap(text, end, to);
            if (second && gap != NO_GAP) {
                return false;
            }
            gap = second ? count : gap;
            at = second ? end + 2 : end + 1;
            more = second ? at < to : end < to;
        }
        return gap == NO_GAP ? count == 16 : count <= 14 && widened(octets, gap, count);
    }

    /** The octets that a part between colons stands for: 2, or 4 where the last one is an IPv4 address; 0 when malformed. */
    private static int scanGroup(String text, int from, int to, boolean last, byte @Nullable [] octets, int offset) {
        int group = number(text, from, to, 16, 4);
        if (group >= 0 && offset <= 14) {
            put(octets, offset, group >> 8);
            put(octets, offset + 1, group);
            return 2;
        }
        return last && offset <= 12 && scanV4(text, from, to, octets, offset) ? 4 : 0;
    }

    /** Scans an IPv4 address (RFC 3986 §3.2.2, {@code IPv4address}). */
    private static boolean scanV4(String text, int from, int to, byte @Nullable [] octets, int offset) {
        int at = from;
        for (int i = 0; i < 4; i++) {
            int end = end(text, '.', at, to);
            int octet = number(text, at, end, 10, 3);
            // A leading zero is octal to some readers: refused, as dec-octet does.
            boolean good = octet >= 0 && octet <= 255 && (end == at + 1 || text.charAt(at) != '0');
            if (!good || (end == to) != (i == 3)) {
                return false;
            }
            put(octets, offset + i, octet);
            at = end + 1;
        }
        return true;
    }

    private static boolean isGap(String text, int at, int to) {
        return at + 2 <= to && text.startsWith("::", at);
    }

    /** Moves what stands behind the gap to the end, and zeros into the gap. */
    private static boolean widened(byte @Nullable [] octets, int gap, int count) {
        if (octets != null) {
            int behind = count - gap;
            System.arraycopy(octets, gap, octets, 16 - behind, behind);
            Arrays.fill(octets, gap, 16 - behind, (byte) 0);
        }
        return true;
    }

    private static void put(byte @Nullable [] octets, int at, int value) {
        if (octets != null) {
            octets[at] = (byte) value;
        }
    }

    private static int end(String text, char separator, int from, int to) {
        int at = text.indexOf(separator, from);
        return at < 0 || at > to ? to : at;
    }

    /** The number that one to {@code longest} digits write, or -1. */
    private static int number(String text, int from, int to, int radix, int longest) {
        if (from >= to || to - from > longest) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
