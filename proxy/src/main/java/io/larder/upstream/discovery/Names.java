package io.larder.upstream.discovery;

import io.larder.exchange.Loop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The servers of another source, with their names looked up, and looked up again. A name stands for all its addresses, each of
 * which has what the source says of the name.
 *
 * <p>Nothing is told before all names have been looked up once. A name that cannot be found is an outage, in which the others
 * are used. Confined to its loop, on which the listener is told; {@link #start} and {@link #close} hop there.
 */
public final class Names implements Discovery {
    private final Discovery source;
    private final Function<DnsTarget.Host, Discovery> lookUp;
    private final Loop loop;
    private final Map<DnsTarget.Host, Watched> watched = new HashMap<>();
    private @Nullable List<Found> listed; // null until the source has said something
    private Optional<String> trouble = Optional.empty(); // of the source
    private boolean closed;

    /** @param lookUp makes a watch of one host, which is started and closed here */
    public Names(Discovery source, Function<DnsTarget.Host, Discovery> lookUp, Loop loop) {
        this.source = source;
        this.lookUp = lookUp;
        this.loop = loop;
    }

    @Override
    public void start(Listener listener) {
        Announcer announcer = new Announcer(listener);
        source.start(new FromSource(announcer));
    }

    @Override
    public void close() {
        source.close();
        loop.execute(() -> {
            closed = true;
            watched.values().forEach(name -> name.discovery.close());
            watched.clear();
        });
    }

    private void listed(List<Found> servers, Announcer announcer) {
        listed = servers;
        Set<DnsTarget.Host> hosts = new LinkedHashSet<>();
        servers.stream().filter(Names::isName).forEach(server -> hosts.add(host(server)));
        for (DnsTarget.Host gone : new HashSet<>(watched.keySet())) {
            if (!hosts.contains(gone)) {
                Objects.requireNonNull(watched.remove(gone)).discovery.close();
            }
        }
        for (DnsTarget.Host host : hosts) {
            if (!watched.containsKey(host)) {
                Watched name = new Watched(lookUp.apply(host));
                watched.put(host, name);
                name.discovery.start(new FromName(name, announcer));
            }
        }
        tell(announcer);
    }

    private void tell(Announcer announcer) {
        Collection<Watched> names = watched.values();
        boolean silent = listed == null && trouble.isEmpty();
        if (closed || silent || names.stream().anyMatch(Watched::isUnheard)) {
            return;
        }
        Optional<String> why = trouble.or(() ->
                names.stream().flatMap(name -> name.trouble.stream()).sorted().findFirst());
        List<Found> servers = servers();
        if (why.isEmpty()) {
            announcer.good(servers);
        } else if (servers.isEmpty()) {
            announcer.bad(why.get());
        } else {
            announcer.partly(servers, why.get());
        }
    }

    private List<Found> servers() {
        List<Found> servers = new ArrayList<>();
        for (Found entry : listed == null ? List.<Found>of() : listed) {
            if (isName(entry)) {
                Objects.requireNonNull(watched.get(host(entry))).found.forEach(found -> servers.add(found.as(entry)));
            } else {
                servers.add(entry);
            }
        }
        return servers;
    }

    private static boolean isName(Found server) {
        return server.address().isUnresolved();
    }

    private static DnsTarget.Host host(Found server) {
        return new DnsTarget.Host(
                server.address().getHostString(), server.address().getPort());
    }

    /** One name and what is known of it. */
    private static final class Watched {
        final Discovery discovery;
        List<Found> found = List.of();
        Optional<String> trouble = Optional.empty();

        Watched(Discovery discovery) {
            this.discovery = discovery;
        }

        boolean isUnheard() {
            return found.isEmpty() && trouble.isEmpty();
        }
    }

    /** Hops onto the loop, if it is not there already. */
    private final class FromSource implements Listener {
        private final Announcer announcer;

        FromSource(Announcer announcer) {
            this.announcer = announcer;
        }

        @Override
        public void found(List<Found> servers) {
            later(() -> listed(servers, announcer));
        }

        @Override
        public void failed(String why) {
            later(() -> {
                trouble = Optional.of(why);
                tell(announcer);
            });
        }

        @Override
        public void recovered() {
            later(() -> {
                trouble = Optional.empty();
                tell(announcer);
            });
        }

        private void later(Runnable task) {
            loop.execute(() -> {
                if (!closed) {
                    task.run();
                }
            });
        }
    }

    private final class FromName implements Listener {
        private final Watched name;
        private final Announcer announcer;

        FromName(Watched name, Announcer announcer) {
            this.name = name;
            this.announcer = announcer;
        }

        @Override
        public void found(List<Found> servers) {
            later(() -> name.found = servers);
        }

        @Override
        public void failed(String why) {
            later(() -> name.trouble = Optional.of(why));
        }

        @Override
        public void recovered() {
            later(() -> name.trouble = Optional.empty());
        }

        private void later(Runnable change) {
            loop.execute(() -> {
                change.run();
                tell(announcer);
            });
        }
    }
}
