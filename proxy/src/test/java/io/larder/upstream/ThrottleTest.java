package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many are let through, in virtual time, over a lender that the test plays. */
class ThrottleTest {
    private static final int FIRST = 20; // what the limit begins with
    private static final Client CLIENT = new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);

    private static final Exchange EXCHANGE = Exchange.begin(new RequestId(1), new ManualLoop(), CLIENT, Interim.NONE);
    private static final Call NOTHING = new Call() {
        @Override
        public void start() {}

        @Override
        public void abort(Failure why) {}
    };

    private final ManualLoop loop = new ManualLoop();
    private final Server server = new Server(
            new UpstreamSettings.ServerSettings(Endpoint.of("a"), InetSocketAddress.createUnresolved("a", 1)),
            Rig.settings(),
            (one, nanos) -> false,
            (standing, why) -> {},
            0);
    private final Deque<Lender.Borrower> asking = new ArrayDeque<>();
    private final Lender lender = new Lender() {
        @Override
        public void borrow(Borrower borrower, Duration maxIdle, long deadline) {
            asking.add(borrower);
        }

        @Override
        public void retire() {}
    };
    private final Throttle throttle = new Throttle(
            loop,
            server,
            lender,
            new SharedLimit(64),
            1,
            new UpstreamSettings.Pool(64, 10, Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(10)));

    /** Whoever asks, with what it was told. */
    private static final class Asker implements Lender.Borrower, Outcome {
        boolean gone;

        @Nullable
        Failure refused;

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public Client client() {
            return CLIENT;
        }

        @Override
        public void lent(Passage passage) {
            passage.call(Rig.get("/"), EXCHANGE, Rig.settings(), this);
        }

        @Override
        public void refused(Failure why) {
            refused = why;
        }

        @Override
        public void answered(Response response) {}

        @Override
        public void failed(Failure why, boolean silent) {}

        @Override
        public void brokeOff(Failure why) {}

        @Override
        public void over() {}
    }

    private Asker ask() {
        Asker asker = new Asker();
        throttle.borrow(asker, Lender.ANY, Exchange.NO_DEADLINE);
        return asker;
    }

    private List<Asker> ask(int count) {
        List<Asker> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(ask());
        }
        return all;
    }

    /** The lender gives the first who asks it a connection, and the request on it is answered and over. */
    private void serve() {
        List<Outcome> told = new ArrayList<>();
        asking.remove().lent(new Passage() {
            @Override
            public boolean isReused() {
                return false;
            }

            @Override
            public Call call(Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome) {
                told.add(outcome);
                return NOTHING;
            }
        });
        told.get(0).answered(Response.of(200, Headers.EMPTY, Body.none()));
        told.get(0).over();
    }

    @Test
    void soManyAreLetThroughAndTheOthersWait() {
        ask(FIRST + 3);
        assertThat(asking).hasSize(FIRST);
        serve();
        assertThat(asking).as("one has left, one comes in").hasSize(FIRST);
    }

    @Test
    void whoIsRefusedGivesItsPlaceToTheNext() {
        List<Asker> askers = ask(FIRST + 1);
        asking.remove().refused(new Failure(Failure.Kind.CONNECTION_REFUSED, "", true));
        assertThat(asking).hasSize(FIRST);
        assertThat(askers.get(0).refused).isNotNull();
    }

    @Test
    void whoLeavesWhileItIsLetThroughLeavesNoGap() {
        List<Asker> first = ask(FIRST);
        first.forEach(asker -> asker.gone = true);
        ask(FIRST);
        assertThat(asking).as("those who are gone, and as many who are not").hasSize(2 * FIRST);
    }

    @Test
    void tooManyWhoWaitAreRefused() {
        List<Asker> askers = ask(FIRST + 10);
        Asker late = ask();
        assertThat(late.refused).isNotNull();
        loop.advance(Duration.ofSeconds(2));
        assertThat(askers.subList(FIRST, FIRST + 10)).allMatch(asker -> asker.refused != null);
    }
}
