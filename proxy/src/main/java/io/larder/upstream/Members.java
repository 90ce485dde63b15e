package io.larder.upstream;

import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The servers of an upstream, as they come and go. */
@Shared
final class Members {
    private final UpstreamSettings settings;
    private final News news;
    private final Condition.Others others = new All();
    private volatile List<Server> all = List.of(); // replaced, as the next, under the lock of this
    private volatile List<String> addresses = List.of();
    private volatile Set<String> drained = Set.of();

    Members(UpstreamSettings settings, News news) {
        this.settings = settings;
        this.news = news;
    }

    /** All of them, those that are taken out included, in the order they were named. */
    List<Server> all() {
        return all;
    }

    /** The addresses of all of them; the same list until they change. */
    List<String> addresses() {
        return addresses;
    }

    /** Those that may get requests if they are healthy. */
    List<Server> active() {
        return all.stream().filter(server -> !server.isDrained()).toList();
    }

    /**
     * From now on these are the servers. One that was there before, at the same address, stays what it is.
     *
     * @param nanos the present, on the loops' clock
     * @return the active ones
     */
    synchronized List<Server> replace(List<UpstreamSettings.ServerSettings> servers, long nanos) {
        Map<String, Server> known = new HashMap<>();
        all.forEach(server -> known.put(server.endpoint().address(), server));
        // those that the gateway begins with are as warm as each other
        Duration warm = all.isEmpty() ? settings.balancing().slowStart().window() : Duration.ZERO;
        long since = nanos - warm.toNanos();
        List<Server> now = new ArrayList<>(servers.size());
        for (UpstreamSettings.ServerSettings server : servers) {
            Server before = known.get(server.endpoint().address());
            if (before != null && before.address().equals(server.address())) {
                before.become(server.endpoint());
                now.add(before);
            } else {
                now.add(server(server, since));
            }
        }
        now.forEach(server -> server.drain(drained.contains(server.endpoint().address()), nanos));
        all = List.copyOf(now);
        List<String> names =
                all.stream().map(server -> server.endpoint().address()).toList();
        addresses = names.equals(addresses) ? addresses : names;
        return active();
    }

    private Server server(UpstreamSettings.ServerSettings server, long since) {
        String address = server.endpoint().address();
        return new Server(
                server,
                settings,
                others,
                (standing, why) -> news.changed(settings.name(), address, standing, why),
                since);
    }

    private final class All implements Condition.Others {
        @Override
        public boolean haveRoom(Condition one, long nanos) {
            UpstreamSettings.Outliers outliers = settings.care().outliers();
            if (outliers == null) {
                return false;
            }
            long ejected =
                    without(one).filter(other -> other.isLeftAlone(nanos)).count();
            return ejected + 1 <= Math.floor(outliers.maxEjected() * active().size() + 1e-9);
        }

        /** The first that is back after all were gone does not carry everything for as long as others were to be left alone. */
        @Override
        public void follow(Condition one, long nanos) {
            if (without(one).noneMatch(other -> other.isUsable(nanos))) {
                without(one).forEach(other -> other.due(nanos));
            }
        }

        private Stream<Condition> without(Condition one) {
            return active().stream().map(Server::condition).filter(other -> !other.equals(one));
        }
    }

    /** Takes a server out, or lets it in again; answers whether there is such a server, or one that is gone was out. */
    synchronized boolean drain(String address, boolean out, long nanos) {
        if (!addresses.contains(address) && (out || !drained.contains(address))) {
            return false;
        }
        Set<String> others = new HashSet<>(drained);
        boolean changed = out ? others.add(address) : others.remove(address);
        if (changed) {
            takeOut(others, nanos);
            news.changed(settings.name(), address, out ? Standing.DRAINED : Standing.UP, "an operator says so");
        }
        return true;
    }

    /** From now on these are out, whether they are there or come later. */
    synchronized void takeOut(Set<String> out, long nanos) {
        drained = Set.copyOf(out);
        all.forEach(server -> server.drain(drained.contains(server.endpoint().address()), nanos));
    }

    /** The addresses of those that are out, of those included that are gone. */
    Set<String> drained() {
        return drained;
    }
}
