package io.larder.route;

import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HopByHop;
import io.larder.http.Request;
import io.larder.http.Target;
import java.net.InetAddress;

/**
 * A request as it counts: what its route, its key and all else are decided by.
 *
 * @param request without what its sender meant for this connection alone, under the scheme its client used
 * @param believed whether it came from a proxy whose word on the client counts
 * @param keyed false where that proxy's word puts another URL in the place of the one that a key would tell
 */
public record Received(Request request, boolean believed, boolean keyed) {

    /** What {@code request} counts as when {@code peer} sends it. */
    public static Received of(TrustedProxies trusted, Request request, InetAddress peer) {
        Request ours = HopByHop.withoutNominated(request);
        if (!trusted.include(peer)) {
            return new Received(asItself(ours), false, true);
        }
        Request forwarded = asForwarded(trusted, ours);
        return new Received(forwarded, true, !Claims.changeTheUrl(forwarded));
    }

    /** What gateways in front of us can do, only they may say; and nobody is to be told apart by it who is not one. */
    private static Request asItself(Request request) {
        Headers headers = request.headers();
        return headers.contains(Fields.SURROGATE_CAPABILITY)
                ? request.withHeaders(headers.without(Fields.SURROGATE_CAPABILITY))
                : request;
    }

    /** What it counts as on {@code site}: under the host that the site goes by, whatever the client or a proxy called it. */
    public Received on(Site site) {
        Target target = site.canonical(request.target());
        if (site.canonicalHost() == null) {
            return target.equals(request.target()) ? this : new Received(request.withTarget(target), believed, keyed);
        }
        Headers headers = request.headers().without(Fields.X_FORWARDED_HOST).without(Fields.FORWARDED);
        Request ours = request.withTarget(target).withHeaders(headers);
        return new Received(ours, believed, !believed || !Claims.changeTheUrl(ours));
    }

    /** Under the scheme that the proxy names, and without what it is not the one to have written. */
    private static Request asForwarded(TrustedProxies trusted, Request request) {
        Headers headers = request.headers();
        TrustedProxies.Said said = trusted.said(headers, "");
        Headers counted = said.source() == TrustedProxies.Source.FORWARDED
                ? Claims.withoutXForwarded(headers)
                : headers.contains(Fields.FORWARDED) ? headers.without(Fields.FORWARDED) : headers;
        Request ours = counted.size() == headers.size() ? request : request.withHeaders(counted);
        String scheme = said.scheme();
        return scheme == null ? ours : ours.withTarget(ours.target().withScheme(scheme));
    }
}
