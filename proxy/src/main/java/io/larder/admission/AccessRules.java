package io.larder.admission;

import io.larder.http.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses are let in: those that no block of {@code deny} has, and that some block of {@code allow} has.
 *
 * @param allow empty: all that are not denied
 */
public record AccessRules(List<Cidr> allow, List<Cidr> deny) {
    public AccessRules {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * Whether the client is let in. One without an address is not.
     *
     * @param address an IP literal
     */
    public boolean admit(String address) {
        Optional<Cidr> client = Cidr.parse(address);
        return client.isPresent() && !covers(deny, client.get()) && (allow.isEmpty() || covers(allow, client.get()));
    }

    private static boolean covers(List<Cidr> blocks, Cidr address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).covers(address)) {
                return true;
            }
        }
        return false;
    }
}
