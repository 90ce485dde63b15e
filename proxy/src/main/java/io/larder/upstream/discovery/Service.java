package io.larder.upstream.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A value: one server of a service, as an SRV record says it (RFC 2782).
 *
 * @param priority the lower, the sooner it is used
 * @param weight its share among those of the same priority; 0 is said of what should get hardly anything
 * @param target a host name
 */
record Service(int priority, int weight, int port, String target) {
    /** The server at one of the target's addresses. */
    Found at(InetAddress address) {
        String name = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
        return new Found(name, new InetSocketAddress(address, port), Math.max(1, weight), priority, false);
    }
}
