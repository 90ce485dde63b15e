package io.larder.upstream;

import io.larder.exchange.Client;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that tell a server who the client is, before anything else is said (HAProxy's PROXY protocol, versions 1 and
 * 2). Where the two addresses are not of one family, they say that nothing is known.
 *
 * @param source the client; null where he has no address
 * @param destination where he connected to; null where that has no address
 */
record ProxyPreface(
        @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final byte LOCAL = 0x20;
    private static final byte PROXY = 0x21;
    private static final byte UNSPECIFIED = 0x00;
    private static final byte TCP4 = 0x11;
    private static final byte TCP6 = 0x21;
    private static final int IPV4 = 4;
    private static final int UNKNOWN_PORT = 0;

    /**
     * What is said of {@code client} to {@code server}. The address he connected to is not known here, and the server's
     * stands for it; where that is of another family than the client's, the unspecified one and the listener's port.
     */
    static ProxyPreface of(Client client, SocketAddress server) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(client.address());
        if (octets == null) {
            return new ProxyPreface(null, null);
        }
        int port = client.address().equals(client.literal()) ? client.peer().getPort() : UNKNOWN_PORT;
        InetSocketAddress source = new InetSocketAddress(address(octets), port);
        InetSocketAddress known = server instanceof InetSocketAddress inet ? inet : null;
        InetSocketAddress listener = new InetSocketAddress(address(new byte[octets.length]), client.localPort());
        return new ProxyPreface(source, areAlike(source, known) ? known : listener);
    }

    /** Version 1: one line of text. */
    byte[] v1() {
        return line().getBytes(StandardCharsets.US_ASCII);
    }

    private String line() {
        if (source == null || destination == null || !areAlike(source, destination)) {
            return "PROXY UNKNOWN\r\n";
        }
        return (isV4(source) ? "PROXY TCP4 " : "PROXY TCP6 ")
                + NetUtil.toAddressString(source.getAddress()) + ' '
                + NetUtil.toAddressString(destination.getAddress()) + ' '
                + source.getPort() + ' '
                + destination.getPort() + "\r\n";
    }

    /** Version 2: a signature and octets. */
    byte[] v2() {
        if (source == null || destination == null || !areAlike(source, destination)) {
            return headed(LOCAL, UNSPECIFIED, 0).array();
        }
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        return headed(PROXY, isV4(source) ? TCP4 : TCP6, from.length + to.length + 4)
                .put(from)
                .put(to)
                .putShort((short) source.getPort())
                .putShort((short) destination.getPort())
                .array();
    }

    private static ByteBuffer headed(byte command, byte family, int length) {
        return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
                .put(SIGNATURE)
                .put(command)
                .put(family)
                .putShort((short) length);
    }

    private static boolean areAlike(InetSocketAddress one, @Nullable InetSocketAddress other) {
        return other != null && !other.isUnresolved() && isV4(one) == isV4(other);
    }

    private static boolean isV4(InetSocketAddress address) {
        return address.getAddress().getAddress().length == IPV4;
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not the length of an address", e);
        }
    }
}
