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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
    private final Executor aside;
    private final Discovery source;
    private final Translation translation;
    private final List<ServerSettings> known;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
    private boolean started; // under the lock of this, as the next
    private boolean closed;

    /**
     * @param name of the upstream, for the log
     * @param aside writes to that, so that loops do not
     * @param known the servers until the source has found any; none: those that the upstream has
     */
    Discovering(String name, Executor aside, Discovery source, Translation translation, List<ServerSettings> known) {
        this.name = name;
        this.aside = aside;
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

    private void say(Runnable line) {
        try {
            aside.execute(line);
        } catch (RejectedExecutionException ending) {
            // the gateway stops, and looks nothing up any more
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
            List<String> addresses =
                    all.stream().map(server -> server.endpoint().address()).toList();
            say(() -> LOG.info("upstream {}: the servers are {}", name, addresses));
            heard.complete(null);
        }

        @Override
        public void failed(String why) {
            say(() -> LOG.warn(
                    "upstream {}: its servers cannot be looked up, those that were found last stay: {}", name, why));
            heard.complete(null);
        }

        @Override
        public void recovered() {
            say(() -> LOG.info("upstream {}: its servers can be looked up again", name));
        }
    }

    /** What was found, as it is: nobody that is leaving gets requests, as long as there are others. */
    static List<ServerSettings> asFound(List<Found> found) {
        boolean anyStays = found.stream().anyMatch(server -> !server.draining());
        return found.stream()
                .filter(server -> !anyStays || !server.draining())
                .map(server -> new ServerSettings(
                        new Endpoint(server.text(), server.weight(), server.priority()),
                        named(server.name(), server.address())))
                .toList();
    }

    /** The address with a name, which is what TLS asks for. */
    static InetSocketAddress named(String name, InetSocketAddress found) {
        try {
            InetAddress named =
                    InetAddress.getByAddress(name, found.getAddress().getAddress());
            return new InetSocketAddress(named, found.getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has the length that it has", impossible);
        }
    }
}
