package io.larder.app;

import io.larder.balance.Endpoint;
import io.larder.exchange.Shared;
import io.larder.upstream.Upstream;
import io.larder.upstream.UpstreamSettings.ServerSettings;
import io.larder.upstream.discovery.Discovery;
import io.larder.upstream.discovery.Found;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Servers that a source finds, now and whenever they change. */
@Shared
final class Discovering implements Membership {
    /** What was found in the upstream's words. */
    interface Translation {
        List<ServerSettings> servers(List<Found> found);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Discovering.class);

    private final String name;
    private final Discovery source;
    private final Translation translation;
    private final List<ServerSettings> known;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private boolean started; // under the lock of this, as the next
    private boolean closed;

    /**
     * @param name of the upstream, for the log
     * @param known the servers until the source has found any; none: those that the upstream has
     */
    Discovering(String name, Discovery source, Translation translation, List<ServerSettings> known) {
        this.name = name;
        this.source = source;
        this.translation = translation;
        this.known = List.copyOf(known);
    }

    @Override
    public synchronized void start(Upstream upstream) {
        if (!started) {
            started = true;
            if (!known.isEmpty()) {
                upstream.use(known);
            }
            source.start(new Told(upstream));
        }
    }

    @Override
    public void await(Duration most) {
        if (isStarted()) {
            heard.completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private synchronized boolean isStarted() {
        return started;
    }

    @Override
    public synchronized void close() {
        closed = true;
        source.close();
    }

    private synchronized void use(Upstream upstream, List<ServerSettings> servers) {
        if (!closed) {
            upstream.use(servers);
        }
    }

    private final class Told implements Discovery.Listener {
        private final Upstream upstream;

        Told(Upstream upstream) {
            this.upstream = upstream;
        }

        @Override
        public void found(List<Found> servers) {
            List<ServerSettings> all = translation.servers(servers);
            use(upstream, all);
            LOG.info(
                    "upstream {}: the servers are {}",
                    name,
                    all.stream().map(server -> server.endpoint().address()).toList());
            heard.complete(null);
        }

        @Override
        public void failed(String why) {
            LOG.warn("upstream {}: its servers cannot be looked up, those that were found last stay: {}", name, why);
            heard.complete(null);
        }

        @Override
        public void recovered() {
            LOG.info("upstream {}: its servers can be looked up again", name);
        }
    }

    /** What was found, as it is: nobody that is leaving gets requests, as long as there are others. */
    static List<ServerSettings> asFound(List<Found> found) {
        boolean anyStays = found.stream().anyMatch(server -> !server.draining());
        return found.stream()
                .filter(server -> !anyStays || !server.draining())
                .map(server -> new ServerSettings(
                        new Endpoint(server.text(), server.weight(), server.priority()), named(server)))
                .toList();
    }

    /** The address with the name that it was found by, which is what TLS asks for. */
    private static InetSocketAddress named(Found server) {
        InetAddress address = server.address().getAddress();
        try {
            InetAddress named = InetAddress.getByAddress(server.name(), address.getAddress());
            return new InetSocketAddress(named, server.address().getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has the length that it has", impossible);
        }
    }
}
