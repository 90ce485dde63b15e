package io.larder.app;

import io.larder.config.Discovery.Dns;
import io.larder.config.Discovery.FromFile;
import io.larder.config.Discovery.Kubernetes;
import io.larder.config.UpstreamConfig;
import io.larder.exchange.Shared;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.upstream.discovery.ClusterAccess;
import io.larder.upstream.discovery.Discovery;
import io.larder.upstream.discovery.DnsDiscovery;
import io.larder.upstream.discovery.DnsSettings;
import io.larder.upstream.discovery.DnsTarget;
import io.larder.upstream.discovery.FileDiscovery;
import io.larder.upstream.discovery.Fixed;
import io.larder.upstream.discovery.Found;
import io.larder.upstream.discovery.HostsFile;
import io.larder.upstream.discovery.KubernetesDiscovery;
import io.larder.upstream.discovery.KubernetesTarget;
import io.larder.upstream.discovery.Names;
import io.larder.upstream.discovery.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the sources that servers are found by, and has what all of them work with. */
@Shared
final class Discoveries {
    private static final Duration NAMES = Duration.ofSeconds(30); // when a listed name is looked up again at the latest

    private final Loops loops;
    private final DoubleSupplier chance;
    private final DnsSettings dns;
    private final ScheduledExecutorService files;
    private @Nullable HostsFile hosts; // under the lock of this; null until a name is to be looked up

    /** @param chance from 0 to 1; asked on any thread */
    Discoveries(Loops loops, DoubleSupplier chance, DnsSettings dns) {
        this.loops = loops;
        this.chance = chance;
        this.dns = dns;
        this.files = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "larder-files");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What {@code upstream} says of where its servers are found.
     *
     * @throws StartFailure where that is a cluster, and this process runs in none
     */
    Discovery discovery(io.larder.config.Discovery by, UpstreamConfig upstream) {
        NettyLoop loop = loop(upstream);
        return switch (by) {
            case Dns(String name, Integer port, Duration refresh) ->
                dns(port == null ? new DnsTarget.Srv(name) : new DnsTarget.Host(name, port), refresh, loop);
            case FromFile(var file) -> named(new FileDiscovery(file, Ticker.on(files)), loop);
            case Kubernetes(String namespace, String service, String port) ->
                new KubernetesDiscovery(
                        cluster(upstream), new KubernetesTarget(namespace, service, port), System::nanoTime, chance);
        };
    }

    /** Looks names up again and again, each for itself. */
    Discovery names(List<Found> names, UpstreamConfig upstream) {
        NettyLoop loop = loop(upstream);
        return new EachName(names.stream()
                .map(name -> named(new Fixed(List.of(name)), loop))
                .toList());
    }

    private Discovery named(Discovery source, NettyLoop loop) {
        hosts(); // read here, where that may block: names are looked up on a loop
        return new Names(source, host -> dns(host, NAMES, loop), loop);
    }

    private Discovery dns(DnsTarget target, Duration refresh, NettyLoop loop) {
        return DnsDiscovery.on(loop, loops.transport(), dns, hosts(), target, refresh, chance);
    }

    private synchronized HostsFile hosts() {
        HostsFile known = hosts;
        if (known == null) {
            known = HostsFile.on(Ticker.on(files));
            hosts = known;
        }
        return known;
    }

    private NettyLoop loop(UpstreamConfig upstream) {
        List<NettyLoop> all = loops.all();
        return all.get(Math.floorMod(upstream.name().hashCode(), all.size()));
    }

    private static ClusterAccess cluster(UpstreamConfig upstream) {
        return ClusterAccess.of(System.getenv(), ClusterAccess.SERVICE_ACCOUNT)
                .orElseThrow(
                        () -> StartFailure.configuration(
                                upstream.origin().place()
                                        + ": 'discover: { kubernetes: … }' works inside a cluster only: KUBERNETES_SERVICE_HOST is not set"));
    }

    void close() {
        files.shutdownNow();
    }
}
