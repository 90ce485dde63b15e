package io.larder.server.connection;

import io.larder.exchange.Shared;
import io.larder.http.Cidr;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections each client of one listener has open, on all its loops. Holds no more entries than there are
 * connections. IPv6 clients are counted by their network (see {@link Cidr#ofOneClient}).
 */
@Shared
public final class ClientCount {
    private final ConcurrentHashMap<Cidr, Integer> open = new ConcurrentHashMap<>();

    /** One more of the client; answers how many it has with it. */
    public int enter(Cidr client) {
        return open.merge(client, 1, Integer::sum);
    }

    public void leave(Cidr client) {
        open.computeIfPresent(client, (same, count) -> count == 1 ? null : count - 1);
    }

    public static Cidr client(InetAddress address) {
        return Cidr.of(address.getAddress()).ofOneClient();
    }
}
