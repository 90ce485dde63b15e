package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.balance.RetryBudget;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.exchange.Handler;
import io.larder.exchange.Interim;
import io.larder.exchange.Loop;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Sources;
import io.larder.http.Target;
import io.larder.upstream.Servers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When another upstream answers. */
class FallingTest {
    private final ManualLoop loop = new ManualLoop();
    private final Client client = new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);
    private final Exchange exchange = Exchange.begin(new RequestId(1), loop, client, Interim.NONE);

    private record Usable(boolean usable) implements Servers {
        @Override
        public CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
            throw new AssertionError("nobody asks it");
        }

        @Override
        public boolean isUsable(Exchange exchange) {
            return usable;
        }

        @Override
        public boolean hasUntried(Set<Endpoint> tried, Exchange exchange) {
            return usable;
        }

        @Override
        public RetryBudget budget(Loop loop) {
            return new RetryBudget();
        }

        @Override
        public Duration total() {
            return Duration.ofSeconds(1);
        }
    }

    private static Handler answering(String outcome) {
        return (request, exchange) -> outcome.matches("[0-9]+")
                ? CompletableFuture.completedFuture(Response.of(Integer.parseInt(outcome), Headers.EMPTY, Body.none()))
                : CompletableFuture.failedFuture(
                        new Failure(Kind.valueOf(outcome.replace("!", "")), "", outcome.endsWith("!")));
    }

    private String outcome(boolean usable, String own, Request request) {
        Falling falling = new Falling(answering(own), new Usable(usable), answering("299"));
        CompletableFuture<String> outcome = new CompletableFuture<>();
        falling.handle(request, exchange)
                .whenComplete((response, cause) -> outcome.complete(
                        cause == null
                                ? String.valueOf(response.status())
                                : Failure.of(cause).kind().toString()));
        return outcome.join();
    }

    private static Request request(String method, @Nullable Body body) {
        return new Request(
                method, Target.of("http", "a.example", "/"), Headers.EMPTY, body == null ? Body.none() : body);
    }

    // "!": nothing had been sent
    @ParameterizedTest
    @CsvSource({
        "false, GET,  200, 299",
        "false, POST, 200, 299",
        "true,  GET,  200, 200",
        "true,  GET,  503, 503",
        "true,  GET,  CONNECTION_REFUSED!, 299",
        "true,  GET,  CONNECTION_TERMINATED, 299",
        "true,  GET,  RESPONSE_TIMEOUT, 299",
        "true,  GET,  DESTINATION_UNAVAILABLE!, 299",
        "true,  GET,  CONNECTION_LIMIT!, CONNECTION_LIMIT", // they are there, and busy
        "true,  GET,  PROTOCOL_ERROR, PROTOCOL_ERROR",
        "true,  GET,  CLIENT_GONE, CLIENT_GONE",
        "true,  POST, CONNECTION_REFUSED!, 299",
        "true,  POST, CONNECTION_TERMINATED, CONNECTION_TERMINATED",
        "true,  PUT,  CONNECTION_TERMINATED, 299"
    })
    void whoAnswers(boolean usable, String method, String own, String expected) {
        assertThat(outcome(usable, own, request(method, null))).isEqualTo(expected);
    }

    @Test
    void aBodyThatMayHaveBeenReadIsNotSentAgain() {
        Request upload = request("PUT", new Body.Live(Sources.of(Bytes.utf8("hello")), 5));
        assertThat(outcome(true, "CONNECTION_REFUSED!", upload)).isEqualTo("CONNECTION_REFUSED");
        assertThat(outcome(false, "CONNECTION_REFUSED!", upload)).isEqualTo("299");
    }

    @Test
    void nobodyElseIsAskedForAClientWhoHasLeft() {
        exchange.departure().announce();
        assertThat(outcome(true, "CONNECTION_REFUSED!", request("GET", null))).isEqualTo("CONNECTION_REFUSED");
    }
}
