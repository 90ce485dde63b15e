package io.larder.upstream.discovery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value: a server that was found.
 *
 * @param name by which it was found, without a port: what TLS would ask for. The address as text where nothing else is known
 * @param address where it listens; unresolved where a source lists names, which {@link Names} looks up
 * @param weight its share relative to its siblings, at least 1
 * @param priority 0 for those that come first
 * @param draining it may finish what it has, and is to get nothing new
 */
public record Found(String name, InetSocketAddress address, int weight, int priority, boolean draining) {
    private static final Comparator<Found> BETTER = Comparator.comparing(Found::draining)
            .thenComparingInt(Found::priority)
            .thenComparing(Comparator.comparingInt(Found::weight).reversed())
            .thenComparing(Found::name);

    private static final Comparator<Found> ORDER =
            Comparator.comparingInt(Found::priority).thenComparing(Found::text).thenComparing(BETTER);

    public Found {
        if (name.isEmpty() || address.getPort() < 1) {
            throw new IllegalArgumentException("a server needs a name and a port from 1 to 65535");
        }
        if (weight < 1 || priority < 0) {
            throw new IllegalArgumentException("the weight of " + name + " is at least 1, its priority at least 0");
        }
    }

    /** A server of weight 1 that comes first. */
    public static Found of(String name, InetAddress address, int port) {
        return new Found(name, new InetSocketAddress(address, port), 1, 0, false);
    }

    /** Its address and port as one writes them, IPv6 in brackets. */
    public String text() {
        return address.isUnresolved()
                ? address.getHostString() + ":" + address.getPort()
                : NetUtil.toSocketAddressString(address);
    }

    /** The same with what {@code entry} says of weight, priority and draining. */
    Found as(Found entry) {
        return new Found(name, address, entry.weight, entry.priority, entry.draining);
    }

    /**
     * Each address once, in an order that does not depend on the one they came in. Where an address is said more than once,
     * the entry counts that gives it most: not draining, of the first priority, of the greatest weight.
     */
    static List<Found> distinct(Collection<Found> servers) {
        Map<InetSocketAddress, Found> best = new LinkedHashMap<>();
        servers.forEach(server ->
                best.merge(server.address, server, (one, other) -> BETTER.compare(one, other) <= 0 ? one : other));
        return best.values().stream().sorted(ORDER).toList();
    }
}
