package io.larder.gateway;

import io.larder.http.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may purge what a site stores through the listeners that clients use.
 *
 * @param methods that ask for it
 * @param from the addresses that may
 */
public record PurgeAccess(Set<String> methods, List<Cidr> from) {
    public PurgeAccess {
        methods = Set.copyOf(methods);
        from = List.copyOf(from);
    }

    /** @param address an IP literal */
    boolean admits(String address) {
        Optional<Cidr> client = Cidr.parse(address);
        return client.isPresent() && from.stream().anyMatch(block -> block.covers(client.get()));
    }
}
