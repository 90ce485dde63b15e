package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.Loop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * Asks one server, again and again, whether it is healthy; each time over a connection of its own, so that the check also
 * finds out whether the server still takes connections. Confined to one loop.
 */
final class HealthCheck {
    private static final Loop.Timer NOTHING = () -> {};
    private static final Client SELF =
            new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "127.0.0.1", "health", 0);
    private static final int JITTER_PERCENT = 10; // so that many nodes do not ask in step

    private final Loop loop;
    private final UpstreamSettings settings;
    private final UpstreamSettings.Checks checks;
    private final Server server;
    private final Lender lender;
    private final IntUnaryOperator random;
    private Loop.Timer next = NOTHING;
    private boolean stopped;

    HealthCheck(
            Loop loop,
            UpstreamSettings settings,
            UpstreamSettings.Checks checks,
            Server server,
            Lender lender,
            IntUnaryOperator random) {
        this.loop = loop;
        this.settings = settings;
        this.checks = checks;
        this.server = server;
        this.lender = lender;
        this.random = random;
    }

    /** Asks for the first time, and from then on after each interval. */
    void begin() {
        if (!stopped) {
            Once once = new Once();
            lender.borrow(once, Lender.FRESH, once.exchange.deadline());
        }
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    private void verdict(boolean passed, String why) {
        if (stopped) {
            return;
        }
        server.condition().checked(passed, why, loop.nanos());
        again();
    }

    private void again() {
        if (stopped) {
            return;
        }
        long interval = checks.interval().toNanos();
        long jitter = interval / 100 * (random.applyAsInt(2 * JITTER_PERCENT + 1) - JITTER_PERCENT);
        next = loop.schedule(Duration.ofNanos(interval + jitter), this::begin);
    }

    private Request request() {
        String host = checks.host() == null ? server.host() : checks.host();
        Headers headers = Headers.builder()
                .add(Fields.HOST, host)
                .add(Fields.USER_AGENT, "larder-health")
                .build();
        return new Request("GET", Target.of("http", host, checks.path()), headers, Body.none());
    }

    /** One check, from the connection to the head of the answer. */
    private final class Once implements Lender.Borrower, Outcome {
        private final Exchange exchange =
                Exchange.begin(new RequestId(0), loop, SELF, Interim.NONE).within(checks.timeout());

        @Override
        public boolean isGone() {
            return stopped;
        }

        @Override
        public Client client() {
            return SELF;
        }

        @Override
        public void lent(Passage passage) {
            passage.call(request(), exchange, settings, this).start();
        }

        @Override
        public void refused(Failure why) {
            if (why.kind() == Failure.Kind.CONNECTION_LIMIT) {
                again(); // it is we who cannot
            } else {
                verdict(false, why.detail());
            }
        }

        @Override
        public void answered(Response response) {
            response.body().discard();
            verdict(checks.isHealthy(response.status()), "it answers " + response.status());
        }

        @Override
        public void failed(Failure why, boolean silent) {
            verdict(false, why.detail());
        }

        @Override
        public void brokeOff(Failure why) {}

        @Override
        public void over() {}
    }
}
