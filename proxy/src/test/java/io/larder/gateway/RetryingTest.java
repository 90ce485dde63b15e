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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryingTest {
    private static final RetrySettings ALL = new RetrySettings(3, true, true, Set.of(502, 503, 504), 0.2, null);

    private final ManualLoop loop = new ManualLoop();
    private final Client client = new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);
    private final Exchange exchange = Exchange.begin(new RequestId(1), loop, client, Interim.NONE);
    private final Scripted servers = new Scripted(2);

    /** Servers that answer what the test has laid ready: a status, or how they fail. */
    private static final class Scripted implements Servers {
        final Deque<Object> answers = new ArrayDeque<>();
        final List<String> asked = new ArrayList<>();
        final RetryBudget budget = new RetryBudget();
        private final int count;
        boolean reads;
        int discarded;

        Scripted(int count) {
            this.count = count;
        }

        @Override
        public CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
            String name = "s" + (tried.size() % count);
            tried.add(Endpoint.of(name));
            asked.add(name);
            exchange.journal().attempted("app", name);
            if (reads && request.body() instanceof Body.Live live) {
                live.source().read(new Ignoring());
            }
            Object answer = answers.remove();
            if (answer instanceof Failure failure) {
                request.body().discard();
                return CompletableFuture.failedFuture(failure);
            }
            Source body = new Source() {
                @Override
                public void read(Sink sink) {
                    sink.end(Headers.EMPTY);
                }

                @Override
                public void cancel() {
                    discarded++;
                }
            };
            return CompletableFuture.completedFuture(
                    Response.of((Integer) answer, Headers.EMPTY, new Body.Live(body, Body.UNKNOWN)));
        }

        @Override
        public boolean isUsable(Exchange exchange) {
            return true;
        }

        @Override
        public boolean hasUntried(Set<Endpoint> tried, Exchange exchange) {
            return tried.size() < count;
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

    private static final class Ignoring implements Source.Sink {
        @Override
        public void chunk(Bytes bytes) {}

        @Override
        public void end(Headers trailers) {}

        @Override
        public void failed(Throwable cause) {}
    }

    private static final class Upload implements Source {
        boolean cancelled;
        int reads;

        @Override
        public void read(Sink sink) {
            reads++;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static Request request(String method, Body body) {
        return new Request(method, Target.of("http", "a.example", "/"), Headers.EMPTY, body);
    }

    private int status(RetrySettings settings, Request request) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        new Retrying(servers, settings).handle(request, exchange).whenComplete((response, cause) -> {
            status.complete(
                    cause == null ? response.status() : Failure.of(cause).kind().status());
        });
        return status.join();
    }

    private static Object answer(String text) {
        if (text.matches("\\d+")) {
            return Integer.valueOf(text);
        }
        boolean unsent = text.endsWith("!");
        return new Failure(Kind.valueOf(text.replace("!", "")), "", unsent);
    }

    // RFC 9110 §9.2.2. "!": nothing had been sent
    @ParameterizedTest
    @CsvSource({
        "GET,    CONNECTION_REFUSED!, 200, 200, 2",
        "GET,    CONNECTION_TERMINATED, 200, 200, 2",
        "GET,    CONNECTION_TIMEOUT!, 200, 200, 2",
        "GET,    RESPONSE_TIMEOUT, 200, 200, 2",
        "GET,    PROTOCOL_ERROR, 200, 200, 2",
        "GET,    RESPONSE_INCOMPLETE, 200, 200, 2",
        "GET,    503, 200, 200, 2",
        "GET,    502, 404, 404, 2",
        "HEAD,   504, 200, 200, 2",
        "PUT,    503, 200, 200, 2",
        "DELETE, CONNECTION_TERMINATED, 204, 204, 2",
        "GET,    500, 200, 500, 1",
        "GET,    CLIENT_GONE, 200, 499, 1",
        "GET,    INTERNAL!, 200, 500, 1",
        "POST,   CONNECTION_REFUSED!, 200, 200, 2",
        "POST,   CONNECTION_LIMIT!, 200, 200, 2",
        "POST,   CONNECTION_TERMINATED, 200, 502, 1",
        "POST,   RESPONSE_TIMEOUT, 200, 504, 1",
        "POST,   503, 200, 503, 1",
        "PATCH,  CONNECTION_TERMINATED, 200, 502, 1",
        "LINK,   CONNECTION_TERMINATED, 200, 502, 1"
    })
    void whatIsSentAgain(String method, String first, String second, int status, int attempts) {
        servers.answers.add(answer(first));
        servers.answers.add(answer(second));
        assertThat(status(ALL, request(method, Body.none()))).isEqualTo(status);
        assertThat(servers.asked).hasSize(attempts);
        assertThat(servers.discarded).as("refused responses").isEqualTo(attempts == 2 && first.matches("\\d+") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"503, 1", "RESPONSE_TIMEOUT, 1", "CONNECTION_TERMINATED, 2", "CONNECTION_REFUSED!, 2"})
    void theOnlyServerIsAskedAgainWhereTheConnectionWasToBlame(String first, int attempts) {
        Scripted lonely = new Scripted(1);
        lonely.answers.add(answer(first));
        lonely.answers.add(200);
        new Retrying(lonely, ALL).handle(request("GET", Body.none()), exchange);
        assertThat(lonely.asked).hasSize(attempts);
    }

    @Test
    void anotherServerEachTimeAndNoMoreThanAllowed() {
        servers.answers.addAll(List.of(answer("CONNECTION_REFUSED!"), answer("CONNECTION_REFUSED!"), 503, 200));
        assertThat(status(ALL, request("GET", Body.none()))).isEqualTo(503);
        assertThat(servers.asked).containsExactly("s0", "s1", "s0");
    }

    @Test
    void onlyOnWhatIsListed() {
        servers.answers.addAll(List.of(503, answer("CONNECTION_REFUSED!"), answer("CONNECTION_TERMINATED")));
        RetrySettings none = new RetrySettings(3, false, false, Set.of(), 0.2, null);
        assertThat(status(none, request("GET", Body.none()))).isEqualTo(503);
        assertThat(status(none, request("GET", Body.none()))).isEqualTo(502);
        assertThat(status(none, request("GET", Body.none()))).isEqualTo(502);
        assertThat(servers.asked).hasSize(3);
    }

    @Test
    void aBodyThatHasBeenAskedForIsNeverSentAgain() {
        Upload upload = new Upload();
        servers.reads = true;
        servers.answers.addAll(List.of(answer("CONNECTION_TERMINATED"), 200));
        assertThat(status(ALL, request("PUT", new Body.Live(upload, 5)))).isEqualTo(502);
        assertThat(servers.asked).hasSize(1);
        assertThat(upload.reads).isEqualTo(1);
        assertThat(upload.cancelled).isTrue();
    }

    @Test
    void aBodyThatNobodyTouchedGoesToTheNextServerWhole() {
        Upload upload = new Upload();
        servers.answers.addAll(List.of(answer("CONNECTION_REFUSED!"), 200));
        assertThat(status(ALL, request("POST", new Body.Live(upload, 5)))).isEqualTo(200);
        assertThat(upload.cancelled).isFalse();
    }

    @Test
    void aBodyIsLetGoWhenAllHaveFailed() {
        Upload upload = new Upload();
        servers.answers.addAll(
                List.of(answer("CONNECTION_REFUSED!"), answer("CONNECTION_REFUSED!"), answer("CONNECTION_REFUSED!")));
        assertThat(status(ALL, request("POST", new Body.Live(upload, 5)))).isEqualTo(502);
        assertThat(upload.cancelled).isTrue();
    }

    @Test
    void whereNobodyCanBeAskedNobodyIsAskedAgain() {
        List<String> asked = new ArrayList<>();
        Servers none = new Delegate(
                servers,
                asked,
                CompletableFuture.failedFuture(new Failure(Kind.DESTINATION_UNAVAILABLE, "all are left alone", true)),
                false);
        new Retrying(none, ALL).handle(request("GET", Body.none()), exchange);
        assertThat(asked).hasSize(1);
        int left = 0;
        while (servers.budget.take(0, loop.nanos())) {
            left++;
        }
        assertThat(left).as("what is left of the budget").isEqualTo(RetryBudget.FLOOR);
    }

    @Test
    void theBudgetEndsAStorm() {
        for (int i = 0; i < 200; i++) {
            servers.answers.addAll(List.of(503, 503, 503));
            status(ALL, request("GET", Body.none()));
            servers.answers.clear();
        }
        assertThat(servers.asked.size()).isEqualTo(200 + RetryBudget.FLOOR);
    }

    @Test
    void nothingIsSentAgainPastTheDeadlineOrForNobody() {
        CompletableFuture<Response> slow = new CompletableFuture<>();
        List<String> asked = new ArrayList<>();
        Servers late = new Delegate(servers, asked, slow, true);
        @Nullable Failure[] outcome = new Failure[1];
        new Retrying(late, ALL).handle(request("GET", Body.none()), exchange).whenComplete((r, cause) -> {
            outcome[0] = cause == null ? null : Failure.of(cause);
        });
        loop.advance(Duration.ofSeconds(10));
        slow.completeExceptionally(new Failure(Kind.CONNECTION_TERMINATED, ""));
        assertThat(outcome[0]).isNotNull();
        assertThat(asked).hasSize(1);
    }

    /** @param asks whether somebody is asked at all */
    private record Delegate(Servers inner, List<String> asked, CompletableFuture<Response> answer, boolean asks)
            implements Servers {
        @Override
        public CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried) {
            asked.add(request.method());
            if (asks) {
                exchange.journal().attempted("app", "s0");
            }
            return answer;
        }

        @Override
        public boolean isUsable(Exchange exchange) {
            return true;
        }

        @Override
        public boolean hasUntried(Set<Endpoint> tried, Exchange exchange) {
            return true;
        }

        @Override
        public RetryBudget budget(Loop loop) {
            return inner.budget(loop);
        }

        @Override
        public Duration total() {
            return inner.total();
        }
    }

    @Test
    void theClientsDepartureEndsIt() {
        exchange.departure().announce();
        servers.answers.addAll(List.of(answer("CONNECTION_TERMINATED"), 200));
        assertThat(status(ALL, request("GET", Body.none()))).isEqualTo(502);
        assertThat(servers.asked).hasSize(1);
    }

    @Test
    void aBugInALaterAttemptIsAnAnswerToo() {
        servers.answers.add(answer("CONNECTION_TERMINATED")); // and no second one: the script breaks
        var answer = new Retrying(servers, ALL).handle(request("GET", Body.none()), exchange);
        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
    }
}
