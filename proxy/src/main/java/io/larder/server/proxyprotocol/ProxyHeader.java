package io.larder.server.proxyprotocol;

import io.larder.http.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a proxy says of a connection before anything else on it: HAProxy's PROXY protocol, versions 1 and 2
 * (proxy-protocol.txt of HAProxy 3.0, §2). Pure: a function from the octets that have come.
 */
sealed interface ProxyHeader {
    /** No header is longer, extensions included: version 1 has 107 octets at most, version 2 may say 65535. */
    int LONGEST = 4096;

    /** More octets are needed. */
    record Partial(int atLeast) implements ProxyHeader {}

    /** This is none, and the connection cannot be used. */
    record Bad(String why) implements ProxyHeader {}

    /**
     * A header.
     *
     * @param length of it in octets; the client's own begin behind it
     * @param source the client; null where the proxy speaks for itself, or does not know
     */
    record Whole(int length, @Nullable InetSocketAddress source) implements ProxyHeader {}

    /** What {@code octets} begin with, which are all that have come or at least {@link #LONGEST} of them. */
    static ProxyHeader read(byte[] octets) {
        if (octets.length == 0) {
            return new Partial(1);
        }
        return octets[0] == Version2.SIGNATURE[0] ? Version2.read(octets) : Version1.read(octets);
    }

    /** Whether {@code octets} may still become what begins with {@code signature}. */
    private static boolean mayBegin(byte[] octets, byte[] signature) {
        int length = Math.min(octets.length, signature.length);
        return Arrays.equals(octets, 0, length, signature, 0, length);
    }

    private static InetSocketAddress address(byte[] octets, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not the length of an address", e);
        }
    }

    /** One line of text (§2.1). */
    final class Version1 {
        private static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        private static final int LONGEST_LINE = 107;

        private Version1() {}

        static ProxyHeader read(byte[] octets) {
            if (!mayBegin(octets, SIGNATURE)) {
                return new Bad("it does not begin with a PROXY header");
            }
            int most = Math.min(octets.length, LONGEST_LINE);
            int end = 0;
            while (end < most && octets[end] != '\n') {
                end++;
            }
            if (end == most) {
                return most == LONGEST_LINE ? new Bad("its PROXY line is too long") : new Partial(octets.length + 1);
            }
            if (octets[end - 1] != '\r') {
                return new Bad("its PROXY line ends without CR");
            }
            return line(new String(octets, 0, end - 1, StandardCharsets.ISO_8859_1), end + 1);
        }

        private static ProxyHeader line(String line, int length) {
            if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
                return new Whole(length, null);
            }
            String[] words = line.split(" ", -1);
            if (words.length != 6) {
                return new Bad("its PROXY line does not have six words");
            }
            int octets = switch (words[1]) {
                case "TCP4" -> 4;
                case "TCP6" -> 16;
                default -> -1;
            };
            byte[] from = IpLiteral.parse(words[2]);
            boolean addresses = from.length == octets && IpLiteral.parse(words[3]).length == octets;
            int port = port(words[4]);
            return addresses && port >= 0 && port(words[5]) >= 0
                    ? new Whole(length, address(from, port))
                    : new Bad("its PROXY line has no addresses and ports of one family");
        }

        private static int port(String text) {
            boolean digits =
                    !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            boolean decimal = digits && (text.length() == 1 || text.charAt(0) != '0');
            int port = decimal ? Integer.parseInt(text) : -1;
            return port > 65_535 ? -1 : port;
        }
    }

    /** A signature and octets (§2.2). */
    final class Version2 {
        private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
        };
        private static final int FIXED = 16;
        private static final int LOCAL = 0;
        private static final int PROXY = 1;
        private static final int TCP4 = 0x11;
        private static final int TCP6 = 0x21;

        private Version2() {}

        static ProxyHeader read(byte[] octets) {
            if (!mayBegin(octets, SIGNATURE)) {
                return new Bad("it does not begin with a PROXY header");
            }
            if (octets.length < FIXED) {
                return new Partial(FIXED);
            }
            int command = octets[12] & 0x0f;
            if ((octets[12] & 0xf0) != 0x20 || command > PROXY) {
                return new Bad("its PROXY header is of an unknown version or command");
            }
            int family = octets[13] & 0xff;
            if (family >> 4 > 3 || (family & 0x0f) > 2) {
                return new Bad("its PROXY header is of an unknown family or protocol");
            }
            int length = FIXED + number(octets, 14);
            if (length > LONGEST) {
                return new Bad("its PROXY header is longer than " + LONGEST + " octets");
            }
            if (octets.length < length) {
                return new Partial(length);
            }
            return command == LOCAL ? new Whole(length, null) : addressed(octets, family, length);
        }

        /** What follows the addresses are extensions: skipped. Unix sockets and datagrams have no address that we know. */
        private static ProxyHeader addressed(byte[] octets, int family, int length) {
            int size = switch (family) {
                case TCP4 -> 4;
                case TCP6 -> 16;
                default -> 0;
            };
            if (size == 0) {
                return new Whole(length, null);
            }
            int ports = FIXED + 2 * size;
            return length < ports + 4
                    ? new Bad("its PROXY header is too short for its addresses")
                    : new Whole(
                            length, address(Arrays.copyOfRange(octets, FIXED, FIXED + size), number(octets, ports)));
        }

        private static int number(byte[] octets, int at) {
            return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
        }
    }
}
