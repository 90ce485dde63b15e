package io.larder.route;

import io.larder.http.Cidr;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The peers whose word on the client is believed.
 *
 * @param blocks of addresses; empty: nobody's
 */
public record TrustedProxies(List<Cidr> blocks) {
    public TrustedProxies {
        blocks = List.copyOf(blocks);
    }

    public boolean include(InetAddress address) {
        for (int i = 0; i < blocks.size(); i++) { // an iterator would be an object for each request
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The client behind a trusted peer: the right-most address of X-Forwarded-For that is no trusted proxy itself, since
     * everything left of it was written by somebody we do not know.
     *
     * @return the address, or {@code peer} where the field is absent or stops making sense
     */
    public String client(Headers headers, String peer) {
        String chain = headers.combined(Fields.X_FORWARDED_FOR);
        if (chain == null) {
            return peer;
        }
        String known = peer;
        String[] hops = chain.split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            Optional<Cidr> hop = Cidr.parse(withoutPort(hops[i].strip()));
            if (hop.isEmpty()) {
                return known;
            }
            known = withoutPort(hops[i].strip());
            if (!covers(hop.get())) {
                return known;
            }
        }
        return known;
    }

    private boolean covers(Cidr address) {
        return blocks.stream().anyMatch(block -> block.covers(address));
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int close = hop.indexOf(']');
            return close < 0 ? hop : hop.substring(1, close);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
