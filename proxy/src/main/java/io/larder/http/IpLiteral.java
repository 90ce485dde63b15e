package io.larder.http;

import java.util.StringJoiner;

/** The textual forms of IP addresses (RFC 3986 §3.2.2 for IPv4, RFC 4291 §2.2 for IPv6), without any name look-up. */
final class IpLiteral {
    private static final byte[] NONE = {};

    private IpLiteral() {}

    /** Four or sixteen bytes; none when the text is not an address. */
    static byte[] parse(String text) {
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
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

    private static byte[] parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            return NONE;
        }
        for (int i = 0; i < 4; i++) {
            int octet = number(parts[i], 3, 10);
            // A leading zero is octal to some readers: refused, as RFC 3986 §3.2.2 dec-octet does.
            if (octet < 0 || octet > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return NONE;
            }
            bytes[i] = (byte) octet;
        }
        return bytes;
    }

    private static byte[] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all.length == 16 ? all : NONE;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        byte[] head = groups(before);
        byte[] tail = groups(after);
        boolean bad = (head.length == 0 && !before.isEmpty()) || (tail.length == 0 && !after.isEmpty());
        if (bad || before.indexOf('.') >= 0 || head.length + tail.length > 14) {
            return NONE;
        }
        byte[] bytes = new byte[16];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Groups of 16 bits between colons, the last one perhaps an IPv4 address; none when any is malformed. */
    private static byte[] groups(String text) {
        String[] parts = text.split(":", -1);
        byte[] v4 = parseV4(parts[parts.length - 1]);
        int plain = parts.length - (v4.length == 0 ? 0 : 1);
        byte[] bytes = new byte[plain * 2 + v4.length];
        if (bytes.length > 16) {
            return NONE;
        }
        for (int i = 0; i < plain; i++) {
            int group = number(parts[i], 4, 16);
            if (group < 0) {
                return NONE;
            }
            bytes[2 * i] = (byte) (group >> 8);
            bytes[2 * i + 1] = (byte) group;
        }
        System.arraycopy(v4, 0, bytes, plain * 2, v4.length);
        return bytes;
    }

    private static int number(String digits, int longest, int radix) {
        boolean good = !digits.isEmpty()
                && digits.length() <= longest
                && digits.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
        return good ? Integer.parseInt(digits, radix) : -1;
    }
}
