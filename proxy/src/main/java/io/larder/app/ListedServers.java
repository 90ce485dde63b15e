package io.larder.app;

import io.larder.balance.Endpoint;
import io.larder.config.HostPort;
import io.larder.config.Members;
import io.larder.config.ServerAddress;
import io.larder.http.Cidr;
import io.larder.upstream.UpstreamSettings.ServerSettings;
import io.larder.upstream.discovery.Found;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Servers that are written in the configuration. Each is one server, though its name may have several addresses: the one in
 * use counts as long as it is among them, then the first of IPv4.
 */
record ListedServers(List<Members.Server> servers) {
    ListedServers {
        servers = List.copyOf(servers);
    }

    /** Those that are called by names, to be looked up. */
    List<Found> names() {
        List<Found> names = new ArrayList<>();
        for (Members.Server server : servers) {
            if (server.address() instanceof ServerAddress.Tcp(HostPort address) && !isLiteral(address)) {
                InetSocketAddress unresolved = InetSocketAddress.createUnresolved(address.host(), address.port());
                names.add(new Found(address.host(), unresolved, 1, 0, false));
            }
        }
        return names;
    }

    /**
     * All of them, their names looked up. Blocks.
     *
     * @throws StartFailure naming the place of one whose name is not known
     */
    List<ServerSettings> lookedUp() {
        return servers.stream()
                .map(server -> settings(server, lookedUp(server)))
                .toList();
    }

    /**
     * All of them, with the addresses that have been found since.
     *
     * @param before as they were
     */
    List<ServerSettings> with(List<Found> found, List<ServerSettings> before) {
        List<ServerSettings> now = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            SocketAddress used = before.get(i).address();
            now.add(settings(servers.get(i), address(servers.get(i), found, used)));
        }
        return now;
    }

    private static SocketAddress address(Members.Server server, List<Found> found, SocketAddress used) {
        if (!(server.address() instanceof ServerAddress.Tcp(HostPort address))) {
            return used;
        }
        List<InetSocketAddress> all = found.stream()
                .filter(each -> each.name().equalsIgnoreCase(address.host())
                        && each.address().getPort() == address.port())
                .map(Found::address)
                .toList();
        return all.isEmpty() || all.contains(used)
                ? used
                : all.stream()
                        .min(Comparator.comparing(each -> !(each.getAddress() instanceof Inet4Address)))
                        .map(each -> Discovering.named(address.host(), each)) // TLS asks for what is written
                        .orElseThrow();
    }

    private static ServerSettings settings(Members.Server server, SocketAddress address) {
        Endpoint endpoint = new Endpoint(server.address().toString(), server.weight(), server.backup() ? 1 : 0);
        return new ServerSettings(endpoint, address);
    }

    private static SocketAddress lookedUp(Members.Server server) {
        return switch (server.address()) {
            case ServerAddress.Unix(var path) -> UnixDomainSocketAddress.of(path);
            case ServerAddress.Tcp(HostPort address) -> lookedUp(address, server);
        };
    }

    private static SocketAddress lookedUp(HostPort address, Members.Server server) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw StartFailure.configuration(server.origin().place() + ": the name '" + address.host()
                    + "' cannot be resolved; write an address, or make the name known");
        }
    }

    private static boolean isLiteral(HostPort address) {
        return Cidr.parse(address.host()).isPresent();
    }
}
