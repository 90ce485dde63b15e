package io.larder.route;

import io.larder.http.Cidr;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose word on the client is believed.
 *
 * @param blocks of addresses; empty: nobody's
 * @param prefersForwarded whether {@code Forwarded} counts where there are X-Forwarded fields too. A proxy that writes one of
 *     the two mostly passes the other on as the client sent it, so that the one that it does not write must never count
 */
public record TrustedProxies(List<Cidr> blocks, boolean prefersForwarded) {
    public TrustedProxies {
        blocks = List.copyOf(blocks);
    }

    /** Those who write X-Forwarded fields. */
    public TrustedProxies(List<Cidr> blocks) {
        this(blocks, false);
    }

    /** Which fields of a request count. */
    public enum Source {
        NONE,
        X_FORWARDED,
        FORWARDED
    }

    /**
     * What a trusted peer says.
     *
     * @param client the address of the client, in canonical text
     * @param scheme the client's; null where nothing is said of it
     */
    public record Said(
            Source source, String client, @Nullable String scheme) {}

    /** The unspecified address, in place of one that cannot be read: it is in no network but in all addresses. */
    private static final String NOBODY = "0.0.0.0";

    public boolean include(InetAddress address) {
        for (int i = 0; i < blocks.size(); i++) { // an iterator would be an object for each request
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What a request from a trusted peer says of its client: the right-most address that is no trusted proxy itself, since
     * everything left of it was written by somebody we do not know. Where the chain hides an address, does not know it, or
     * stops making sense, the last one that is known stands for the client.
     *
     * @param peer the address of the peer, for whom all is believed
     */
    public Said said(Headers headers, String peer) {
        List<ForwardedField.Element> hops = ForwardedField.of(headers);
        boolean x = headers.contains(Fields.X_FORWARDED_FOR)
                || headers.contains(Fields.X_FORWARDED_PROTO)
                || headers.contains(Fields.X_FORWARDED_HOST);
        if (headers.contains(Fields.FORWARDED) && (prefersForwarded || !x)) {
            // who can make it unreadable must neither pass for the proxy nor choose what is believed instead
            return hops == null ? new Said(Source.FORWARDED, NOBODY, null) : forwarded(hops, peer);
        }
        if (!x) {
            return new Said(Source.NONE, peer, null);
        }
        String schemes = headers.combined(Fields.X_FORWARDED_PROTO);
        String scheme = schemes == null
                ? null
                : schemes.substring(schemes.lastIndexOf(',') + 1).strip();
        return new Said(Source.X_FORWARDED, client(headers.combined(Fields.X_FORWARDED_FOR), peer), known(scheme));
    }

    private Said forwarded(List<ForwardedField.Element> hops, String peer) {
        String client = peer;
        String scheme = null;
        for (int i = hops.size() - 1; i >= 0; i--) {
            ForwardedField.Element hop = hops.get(i);
            String said = known(hop.proto());
            scheme = said == null ? scheme : said;
            byte[] address = hop.address();
            if (address.length == 0) {
                break;
            }
            client = IpLiteral.text(address);
            if (!covers(address)) {
                break;
            }
        }
        return new Said(Source.FORWARDED, client, scheme);
    }

    private String client(@Nullable String chain, String peer) {
        String known = peer;
        String[] hops = chain == null ? new String[0] : chain.split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            byte[] address = IpLiteral.parse(withoutPort(hops[i].strip()));
            if (address.length == 0) {
                return known;
            }
            known = IpLiteral.text(address);
            if (!covers(address)) {
                return known;
            }
        }
        return known;
    }

    private boolean covers(byte[] address) {
        Cidr one = Cidr.of(address);
        return blocks.stream().anyMatch(block -> block.covers(one));
    }

    private static @Nullable String known(@Nullable String scheme) {
        return "http".equals(scheme) || "https".equals(scheme) ? scheme : null;
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
