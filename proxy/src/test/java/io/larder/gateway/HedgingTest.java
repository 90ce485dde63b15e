package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.balance.RetryBudget;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.exchange.Interim;
import io.larder.exchange.Loop;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.Target;
import io.larder.upstream.Servers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small answers held back until they are whole, and slow servers helped out by others; in virtual time. */
class HedgingTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final ManualLoop loop = new ManualLoop();
    private final Client client = new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);
    private final Exchange exchange = Exchange.begin(new RequestId(1), loop, client, Interim.NONE);
    private final Slow servers = new Slow();
    private @Nullable Response answer;
    private @Nullable Failure failure;

    /** Servers that answer when the test says so. */
    private static final class Slow implements Servers {
        final List<CompletableFuture<Response>> asked = new ArrayList<>();
        final List<Exchange> exchanges = new ArrayList<>();
        final RetryBudget budget = new RetryBudget();
        boolean failAtOnce; // when they are given up, as real ones do

        @Override
        public CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            tried.add(Endpoint.of("s" + asked.size()));
            exchanges.add(exchange);
            exchange.journal().attempted("app", "s" + asked.size());
            asked.add(answer);
            if (failAtOnce) {
                exchange.departure()
                        .onGone(() -> answer.completeExceptionally(new Failure(Kind.CLIENT_GONE, "given up")));
            }
            return answer;
        }

        boolean isGivenUp(int attempt) {
            return exchanges.get(attempt).departure().isGone();
        }

        @Override
        public boolean isUsable(Exchange exchange) {
            return true;
        }

        @Override
        public boolean hasUntried(Set<Endpoint> tried, Exchange exchange) {
            return tried.size() < 2;
        }

        @Override
        public RetryBudget budget(Loop loop) {
            return budget;
        }

        @Override
        public Duration total() {
            return Duration.ofSeconds(10);
        }
    }

    /** A body whose chunks the test delivers. */
    private static final class Dripping implements Source {
        @Nullable
        Sink sink;

        boolean cancelled;

        @Override
        public void read(Sink asking) {
            sink = asking;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        private Sink taken() {
            Sink asking = sink;
            sink = null;
            if (asking == null) {
                throw new AssertionError("nobody asks");
            }
            return asking;
        }
    }

    private void send(@Nullable Duration hedgeAfter, String method) {
        RetrySettings settings = new RetrySettings(3, true, true, Set.of(502, 503, 504), 0.2, hedgeAfter);
        Request request = new Request(method, Target.of("http", "a.example", "/"), Headers.EMPTY, Body.none());
        new Retrying(servers, settings).handle(request, exchange).whenComplete((response, cause) -> {
            answer = response;
            failure = cause == null ? null : Failure.of(cause);
        });
    }

    private static Response page(String text) {
        return Response.of(200, Headers.EMPTY, new Body.Whole(Bytes.utf8(text)));
    }

    private static Response coming(Dripping body, long length) {
        return Response.of(200, Headers.EMPTY, new Body.Live(body, length));
    }

    private String text() {
        return answer != null && answer.body() instanceof Body.Whole whole
                ? whole.bytes().toUtf8()
                : "none";
    }

    @Test
    void aSmallBodyIsWaitedFor() {
        send(null, "GET");
        Dripping body = new Dripping();
        servers.asked.get(0).complete(coming(body, 4));
        body.taken().chunk(Bytes.utf8("wh"));
        assertThat(answer).as("while it is not whole").isNull();
        body.taken().chunk(Bytes.utf8("at"));
        body.taken().end(Headers.EMPTY);
        assertThat(text()).isEqualTo("what");
    }

    @Test
    void trailersStayWithTheBodyTheyFollow() {
        send(null, "GET");
        Dripping body = new Dripping();
        servers.asked.get(0).complete(coming(body, 2));
        body.taken().chunk(Bytes.utf8("ok"));
        body.taken().end(Headers.of("X-Sum", "1"));
        assertThat(Objects.requireNonNull(answer).body().length()).isEqualTo(2);
        List<Headers> trailers = new ArrayList<>();
        Source source = ((Body.Live) Objects.requireNonNull(answer).body()).source();
        source.read(new Source.Sink() {
            @Override
            public void chunk(Bytes bytes) {
                source.read(this);
            }

            @Override
            public void end(Headers last) {
                trailers.add(last);
            }

            @Override
            public void failed(Throwable cause) {}
        });
        assertThat(trailers).containsExactly(Headers.of("X-Sum", "1"));
    }

    @Test
    void aServerThatDiesInsideASmallBodyIsReplaced() {
        send(null, "GET");
        Dripping body = new Dripping();
        servers.asked.get(0).complete(coming(body, 4));
        body.taken().chunk(Bytes.utf8("wh"));
        body.taken().failed(new Failure(Kind.RESPONSE_INCOMPLETE, "it died"));
        servers.asked.get(1).complete(page("other"));
        assertThat(text()).isEqualTo("other");
    }

    @Test
    void whereThereIsNoOtherServerTheBrokenBodyIsAFailureThatSomethingStaleMayStandInFor() {
        send(null, "GET");
        for (int i = 0; i < 2; i++) {
            Dripping body = new Dripping();
            servers.asked.get(i).complete(coming(body, 4));
            body.taken().failed(new Failure(Kind.RESPONSE_INCOMPLETE, "it died"));
        }
        assertThat(Objects.requireNonNull(failure).kind()).isEqualTo(Kind.RESPONSE_INCOMPLETE);
    }

    @ParameterizedTest
    @ValueSource(longs = {Body.UNKNOWN, Holding.MOST + 1})
    void whatMayBeLongIsPassedOnAtOnce(long length) {
        send(null, "GET");
        servers.asked.get(0).complete(coming(new Dripping(), length));
        assertThat(Objects.requireNonNull(answer).body()).isInstanceOf(Body.Live.class);
    }

    @Test
    void answersToUnsafeMethodsAreNotHeld() {
        send(null, "POST");
        servers.asked.get(0).complete(coming(new Dripping(), 4));
        assertThat(answer).isNotNull();
    }

    @Test
    void aClientThatLeavesWhileABodyIsHeldEndsIt() {
        send(null, "GET");
        Dripping body = new Dripping();
        servers.asked.get(0).complete(coming(body, 4));
        exchange.departure().announce();
        assertThat(body.cancelled).isTrue();
        assertThat(Objects.requireNonNull(failure).kind()).isEqualTo(Kind.CLIENT_GONE);
    }

    @Test
    void aSecondServerIsAskedWhereTheFirstIsSlowAndTheFirstGoodAnswerCounts() {
        send(PATIENCE, "GET");
        loop.advance(Duration.ofMillis(199));
        assertThat(servers.asked).hasSize(1);
        loop.advance(Duration.ofMillis(1));
        assertThat(servers.asked).hasSize(2);
        servers.asked.get(1).complete(page("second"));
        assertThat(text()).isEqualTo("second");
        assertThat(servers.isGivenUp(0)).isTrue();
        assertThat(servers.isGivenUp(1)).isFalse();
        servers.asked.get(0).completeExceptionally(new Failure(Kind.CLIENT_GONE, "given up"));
        assertThat(text()).isEqualTo("second");
    }

    @Test
    void theFirstMayStillWin() {
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        servers.asked.get(0).complete(page("first"));
        assertThat(text()).isEqualTo("first");
        assertThat(servers.isGivenUp(1)).isTrue();
        Dripping late = new Dripping();
        servers.asked.get(1).complete(coming(late, 5));
        assertThat(late.cancelled).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void thatTheLoserFailsWhenItIsGivenUpIsNobodysConcern(int winner) {
        servers.failAtOnce = true;
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        servers.asked.get(winner).complete(page("winner"));
        assertThat(failure).isNull();
        assertThat(text()).isEqualTo("winner");
        assertThat(servers.isGivenUp(1 - winner)).isTrue();
    }

    @Test
    void aBadAnswerWaitsForTheOtherOne() {
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        servers.asked.get(1).complete(Response.of(503, Headers.EMPTY, Body.none()));
        assertThat(answer).isNull();
        servers.asked.get(0).complete(page("first"));
        assertThat(text()).isEqualTo("first");
    }

    @Test
    void bothFailingIsAFailure() {
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        servers.asked.get(1).completeExceptionally(new Failure(Kind.PROTOCOL_ERROR, "garbage"));
        assertThat(failure).isNull();
        servers.asked.get(0).completeExceptionally(new Failure(Kind.PROTOCOL_ERROR, "garbage"));
        assertThat(failure).isNotNull();
        assertThat(servers.asked).hasSize(2);
    }

    @Test
    void aQuickAnswerNeedsNoHedge() {
        send(PATIENCE, "GET");
        servers.asked.get(0).complete(page("first"));
        loop.advance(PATIENCE.multipliedBy(2));
        assertThat(servers.asked).hasSize(1);
    }

    @Test
    void onlySafeRequestsAreHedged() {
        send(PATIENCE, "PUT");
        loop.advance(PATIENCE.multipliedBy(2));
        assertThat(servers.asked).hasSize(1);
    }

    @Test
    void hedgesAreRetriesToTheBudget() {
        while (servers.budget.take(0.2, loop.nanos())) {}
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        assertThat(servers.asked).hasSize(1);
    }

    @Test
    void aClientThatLeavesEndsAllAttempts() {
        send(PATIENCE, "GET");
        loop.advance(PATIENCE);
        exchange.departure().announce();
        assertThat(servers.isGivenUp(0)).isTrue();
        assertThat(servers.isGivenUp(1)).isTrue();
    }
}
