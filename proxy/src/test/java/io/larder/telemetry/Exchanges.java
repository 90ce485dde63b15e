package io.larder.telemetry;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.Loop;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Exchanges that are over, for tests. */
final class Exchanges {
    private Exchanges() {}

    static Exchange of(Loop loop, long id) {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.7", 5000);
        return Exchange.begin(new RequestId(id), loop, new Client(peer, "192.0.2.7", "web", 8080), Interim.NONE);
    }

    /** A request of site shop that was answered from the cache. */
    static Exchange hit(Loop loop, String route) {
        Exchange exchange = of(loop, 1);
        exchange.journal().routed("shop", route);
        exchange.journal().cached("hit", "fresh");
        return exchange;
    }

    static Telemetry.Outcome outcome(int status, long sent, Duration time) {
        return new Telemetry.Outcome(status, sent, 0, time.toNanos(), true);
    }
}
