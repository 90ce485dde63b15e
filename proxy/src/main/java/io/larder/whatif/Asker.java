package io.larder.whatif;

import io.larder.exchange.Ties;
import io.larder.http.Headers;
import io.larder.http.HopByHop;
import io.larder.http.IpLiteral;
import io.larder.http.Request;
import io.larder.route.TrustedProxies;
import java.net.InetAddress;

/**
 * Who asks, as far as that decides over where a request goes. A fragment is asked for by whoever asks for its page.
 *
 * @param address of the client, as far as it can be trusted
 * @param ties what ties him to servers
 */
record Asker(String address, Ties ties) {
    /** Who sends {@code request}, as {@code peer}; what he brings is not known yet. */
    static Asker of(TrustedProxies trusted, Request request, InetAddress peer) {
        String own = IpLiteral.text(peer.getAddress());
        Headers headers = HopByHop.withoutNominated(request).headers();
        return new Asker(trusted.include(peer) ? trusted.said(headers, own).client() : own, Ties.NONE);
    }

    Asker with(Ties other) {
        return new Asker(address, other);
    }
}
