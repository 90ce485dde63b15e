package io.larder.http;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A value: a block of IP addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3); bits past the prefix are zero.
 *
 * <p>The two families never match each other, except that an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is the IPv4
 * address it carries.
 *
 * @param v4 whether this is a block of IPv4 addresses, held in the low 32 bits of {@code low}
 * @param high the upper 64 bits of an IPv6 address
 * @param low the lower 64 bits
 * @param prefix how many leading bits must agree: 0–32 for IPv4, 0–128 for IPv6
 */
public record Cidr(boolean v4, long high, long low, int prefix) {
    /** Bits of an IPv6 address that tell networks apart. */
    private static final int NETWORK = 64;

    public Cidr {
        if (prefix < 0 || prefix > (v4 ? 32 : 128)) {
            throw new IllegalArgumentException("prefix out of range: " + prefix);
        }
        high &= v4 ? 0 : mask(prefix);
        low &= v4 ? mask(prefix) >>> 32 : mask(prefix - 64);
    }

    /** Reads {@code 10.0.0.0/8}, {@code ::1/128} or a single address; empty when it is neither. Never asks DNS. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.length == 0) {
            return Optional.empty();
        }
        boolean mapped = isMapped(address);
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        if (prefix < 0 || (mapped && prefix < 96)) {
            return Optional.empty();
        }
        return Optional.of(of(address, mapped ? prefix - 96 : prefix));
    }

    /** The block of one address, given as its four or sixteen octets. */
    public static Cidr of(byte[] address) {
        return of(address, isMapped(address) || address.length == 4 ? 32 : 128);
    }

    /**
     * What one client has for itself of the block, which is mostly an address: an IPv4 address as it is, of IPv6 the network of 64
     * bits, since the others a client changes as it likes (RFC 8981).
     */
    public Cidr ofOneClient() {
        return v4 || prefix <= NETWORK ? this : new Cidr(false, high, low, NETWORK);
    }

    /** The canonical text of the first address, without the prefix (RFC 5952 §4). */
    public String address() {
        return v4 ? IpLiteral.v4(low) : IpLiteral.v6(high, low);
    }

    /** Whether the address lies in this block. */
    public boolean contains(InetAddress address) {
        Cidr other = of(address.getAddress());
        return v4 == other.v4 && equals(new Cidr(v4, other.high, other.low, prefix));
    }

    /** Whether all of {@code block} lies in this one. */
    public boolean covers(Cidr block) {
        return v4 == block.v4 && prefix <= block.prefix && equals(new Cidr(v4, block.high, block.low, prefix));
    }

    /** The canonical text: the network address and the prefix. */
    @Override
    public String toString() {
        return address() + "/" + prefix;
    }

    private static Cidr of(byte[] address, int prefix) {
        if (address.length == 4) {
            return new Cidr(true, 0, number(address, 0, 4), prefix);
        }
        if (isMapped(address)) {
            return new Cidr(true, 0, number(address, 12, 4), prefix);
        }
        return new Cidr(false, number(address, 0, 8), number(address, 8, 8), prefix);
    }

    /** RFC 4291 §2.5.5.2: 80 bits of zero, then 16 of one. */
    private static boolean isMapped(byte[] address) {
        return address.length == 16 && number(address, 0, 8) == 0 && number(address, 8, 4) == 0xffff;
    }

    private static int prefix(String text, int most) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int value = digits ? Integer.parseInt(text) : -1;
        return value > most ? -1 : value;
    }

    private static long number(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    /** The first {@code bits} of 64 set; a shift by 64 would be a shift by none. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }
}
