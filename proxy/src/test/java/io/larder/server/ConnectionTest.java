package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests and responses over a real socket. */
class ConnectionTest {
    private static final String HOST = "Host: a.example\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n" + HOST;
    private static final String POST = "POST / HTTP/1.1\r\n" + HOST;

    private static final Handler ECHO = (request, exchange) ->
            Readers.readAll(request).thenCompose(read -> TestServer.text(read.text() + "|" + read.trailers()));

    @Test
    void pipelinedRequestsAreAnsweredInOrderByASlowHandlerToo() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send("GET /" + i + " HTTP/1.1\r\n" + HOST + "\r\n");
            }
            for (int i = 0; i < 20; i++) {
                Pending next = TestServer.next(pending);
                assertThat(next.request().target().path()).isEqualTo("/" + i);
                assertThat(pending).isEmpty(); // strictly one after the other
                next.text("answer " + i);
                assertThat(client.answer().body()).isEqualTo("answer " + i);
            }
        }
    }

    @Test
    void aThousandPipelinedRequestsAreAnsweredInOrder() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (TestServer server = new TestServer((q, e) -> TestServer.text(count.getAndIncrement() + "x".repeat(300)));
                RawClient client = server.connect()) {
            client.send((GET + "\r\n").repeat(1000));
            for (int i = 0; i < 1000; i++) {
                assertThat(client.answer().body()).isEqualTo(i + "x".repeat(300));
            }
        }
    }

    /** RFC 9110 §7.2: each request has its own Host, whatever the one before said. */
    @Test
    void everyRequestIsForTheHostThatItNames() throws Exception {
        try (TestServer server = new TestServer(
                        (request, exchange) -> TestServer.text(request.target().uri()));
                RawClient client = server.connect()) {
            for (String host : List.of("a.example", "a.example", "b.example", "a.example:80", "A.example")) {
                client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("http://" + host.toLowerCase(Locale.ROOT) + "/");
            }
            client.send("GET / HTTP/1.1\r\nHost: a.example/\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void nothingIsServedBehindConnectionClose() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send(GET + "Connection: close\r\n\r\n" + GET + "\r\n");
            assertThat(client.answer().closes()).isTrue();
            assertThat(client.isEnded()).isTrue();
            server.nextFinished();
            assertThat(server.finished).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"20000, 20000", "5, 5", "0, ''"})
    void headIsAnsweredWithTheLengthOfGetAndNoBody(int size, String length) throws Exception {
        try (TestServer server = new TestServer((q, e) -> TestServer.text("x".repeat(size)));
                RawClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n" + GET + "\r\n");
            assertThat(client.answer("HEAD").field("Content-Length")).isEqualTo(length);
            assertThat(client.answer().body()).hasSize(size);
        }
    }

    @Test
    void aHeadResponseKeepsTheLengthThatItsHeadersCarry() throws Exception {
        Response response = Response.of(200, Headers.of("Content-Length", "77"), Body.none());
        try (TestServer server = new TestServer((q, e) -> CompletableFuture.completedFuture(response));
                RawClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.answer("HEAD").field("Content-Length")).isEqualTo("77");
            client.send(GET + "\r\n"); // but never lies about content that is sent
            assertThat(client.answer().field("Content-Length")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource({"204, ''", "304, 9"})
    void bodilessStatusesHaveNoContent(int status, String length) throws Exception {
        Response response =
                Response.of(status, Headers.of("Content-Length", "9"), new Body.Whole(Bytes.utf8("forbidden")));
        try (TestServer server = new TestServer((q, e) -> CompletableFuture.completedFuture(response));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n" + GET + "\r\n");
            assertThat(client.answer().field("Content-Length")).isEqualTo(length);
            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void framingFieldsOfAResponseAreWrittenAnew() throws Exception {
        Headers lies = Headers.of(
                "Content-Length", "1", "Transfer-Encoding", "gzip", "Connection", "upgrade", "Date", "then", "X", "1");
        Response response = new Response(200, "Fine", lies, Headers.of("Age", "3"), new Body.Whole(Bytes.utf8("abc")));
        try (TestServer server = new TestServer((q, e) -> CompletableFuture.completedFuture(response));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n");
            assertThat(client.answer().head())
                    .containsExactly("HTTP/1.1 200 Fine", "Date: then", "X: 1", "Age: 3", "Content-Length: 3");
        }
    }

    @Test
    void aResponseGetsADateAndNothingElse() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send(GET + "\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.head()).hasSize(3);
            assertThat(answer.field("Date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        }
    }

    @Test
    void interimResponsesGoBeforeTheFinalOne() throws Exception {
        Handler handler = (request, exchange) -> {
            exchange.interim().send(103, Headers.of("Link", "</a.css>; rel=preload"));
            exchange.interim().send(100, Headers.EMPTY); // never the handler's
            exchange.interim().send(101, Headers.EMPTY);
            CompletableFuture<Response> answer = new CompletableFuture<>();
            exchange.loop().execute(() -> {
                exchange.interim().send(102, Headers.EMPTY);
                answer.complete(Response.of(200, Headers.EMPTY, Body.none()));
                exchange.interim().send(103, Headers.EMPTY); // too late
            });
            return answer;
        };
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            client.send(GET + "\r\n");
            RawClient.Answer hints = client.answer();
            assertThat(hints.head()).containsExactly("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload");
            assertThat(client.answer().status()).isEqualTo(102);
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"); // HTTP/1.0 knows none (RFC 9110 §15.2)
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatExpectsToIsInvitedWhenItsBodyIsRead() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);
            client.send("hello");
            assertThat(client.answer().body()).isEqualTo("hello|");
            client.send(GET + "\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientWhoseBodyNobodyReadsIsNotInvited() throws Exception {
        try (TestServer server = new TestServer((q, e) -> TestServer.answer(403, Body.none()));
                RawClient client = server.connect()) {
            client.send(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.closes()).isTrue(); // whether the body will come is anybody's guess (RFC 9110 §10.1.1)
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void chunksAndTrailersOfARequestArrive() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send(
                    POST
                            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 5\r\nHost: evil\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("abcde|X-Sum: 5\r\n");
            assertThat(server.nextFinished().outcome().received()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({"'TE: trailers\r\n', 'X-Sum: 5\n'", "'TE: gzip, Trailers\r\n', 'X-Sum: 5\n'", "'', ''"})
    void trailersOfAResponseGoToThoseWhoWantThem(String te, String trailers) throws Exception {
        Headers fields = Headers.of("X-Sum", "5", "Content-Length", "1", "Set-Cookie", "a=b");
        Handler handler = (q, e) ->
                TestServer.answer(200, new Body.Live(new ListSource(List.of("abc", "de"), fields), Body.UNKNOWN));
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            client.send(GET + te + "\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.field("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(answer.body()).isEqualTo("abcde");
            assertThat(answer.trailers()).isEqualTo(trailers);
            assertThat(server.nextFinished().outcome().sent()).isEqualTo(5);
        }
    }

    @Test
    void everyChunkLeavesAtOnce() throws Exception {
        ManualSource source = new ManualSource();
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n");
            Pending request = TestServer.next(pending);
            request.give(Response.of(200, Headers.EMPTY, new Body.Live(source, Body.UNKNOWN)));
            for (String line = client.line(); !line.isEmpty(); ) { // the head does not wait for content
                line = client.line();
            }
            for (String event : List.of("data: 1\n\n", "data: 2\n\n")) {
                request.exchange().loop().execute(() -> source.give(event));
                assertThat(client.line()).isEqualTo("9");
                assertThat(new String(client.exactly(9), StandardCharsets.UTF_8))
                        .isEqualTo(event);
                client.exactly(2);
            }
        }
    }

    @Test
    void http10GetsAVersionItCanRead() throws Exception {
        Handler handler = (request, exchange) -> request.target().path().equals("/live")
                ? TestServer.answer(
                        200, new Body.Live(new ListSource(List.of("abc", "de"), Headers.EMPTY), Body.UNKNOWN))
                : TestServer.text("whole");
        try (TestServer server = new TestServer(handler)) {
            try (RawClient client = server.connect()) {
                client.send("GET / HTTP/1.0\r\n\r\n");
                assertThat(client.answer().closes()).isTrue();
                assertThat(client.isEnded()).isTrue();
            }
            try (RawClient client = server.connect()) {
                client.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(client.answer().field("Connection")).isEqualTo("keep-alive");
                client.send("GET /live HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                RawClient.Answer live = client.answer();
                assertThat(live.closes()).isTrue();
                assertThat(live.field("Transfer-Encoding")).isEmpty();
                assertThat(live.body()).isEqualTo("abcde");
            }
        }
    }

    @Test
    void unreadContentIsDroppedAndTheNextRequestServed() throws Exception {
        try (TestServer server = new TestServer(
                        (request, exchange) -> TestServer.text(request.target().path()));
                RawClient client = server.connect()) {
            String body = "GET /evil HTTP/1.1\r\n" + HOST + "\r\n";
            client.send("POST /a HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.answer().body()).isEqualTo("/a");
            client.send("GET /b HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.answer().body()).isEqualTo("/b");
        }
    }

    @Test
    void aLongUnreadBodyDoesNotKeepTheClientFromItsAnswer() throws Exception {
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 1L << 30, TestServer.timeouts(10_000));
        try (TestServer server = new TestServer((q, e) -> TestServer.answer(403, Body.none()), settings);
                RawClient client = server.connect()) {
            client.send(POST + "Content-Length: 1000000\r\n\r\n" + "x".repeat(200_000));
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.closes()).isTrue();
        }
    }

    @Test
    void aHandlerThatFailsOrThrowsIsAnsweredForItAndTheConnectionLives() throws Exception {
        Handler handler = (request, exchange) -> switch (request.target().path()) {
            case "/throws" -> throw new IllegalStateException("secret");
            case "/dns" -> CompletableFuture.failedFuture(new Failure(Failure.Kind.DNS_ERROR, "secret"));
            default -> CompletableFuture.completedFuture(Response.of(101, Headers.EMPTY, Body.none()));
        };
        try (TestServer server = new TestServer(handler);
                RawClient client = server.connect()) {
            for (String path : List.of("/throws", "/dns", "/odd")) {
                client.send("GET " + path + " HTTP/1.1\r\n" + HOST + "Accept: application/json\r\n\r\n");
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(path.equals("/dns") ? 502 : 500);
                assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
                assertThat(answer.body()).doesNotContain("secret").contains("\"status\":" + answer.status());
                assertThat(answer.closes()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Body.UNKNOWN, 10})
    void aBodyThatBreaksOffIsVisiblyCut(long length) throws Exception {
        ListSource source = new ListSource(List.of("abc"), new Failure(Failure.Kind.CONNECTION_TERMINATED, "cut"));
        try (TestServer server = new TestServer((q, e) -> TestServer.answer(200, new Body.Live(source, length)));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n");
            String all = client.rest();
            assertThat(all).contains("abc").doesNotContain("\r\n0\r\n");
            TestServer.Finished finished = server.nextFinished();
            assertThat(finished.outcome().complete()).isFalse();
            assertThat(finished.exchange().journal().failure()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 6})
    void aBodyOfAnotherLengthThanDeclaredIsCut(long declared) throws Exception {
        ListSource source = new ListSource(List.of("abc", "de"), Headers.EMPTY);
        try (TestServer server = new TestServer((q, e) -> TestServer.answer(200, new Body.Live(source, declared)));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n" + GET + "\r\n");
            assertThat(client.rest()).hasSizeLessThan(200).containsOnlyOnce("HTTP/1.1");
            assertThat(server.nextFinished().outcome().complete()).isFalse();
        }
    }

    @Test
    void aBodyThatBreaksOffResetsAnHttp10Client() throws Exception {
        ListSource source = new ListSource(List.of("abc"), new Failure(Failure.Kind.CONNECTION_TERMINATED, "cut"));
        try (TestServer server = new TestServer((q, e) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN)));
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            org.assertj.core.api.Assertions.assertThatThrownBy(client::rest)
                    .isInstanceOf(java.net.SocketException.class);
        }
    }

    @Test
    void aClientThatLeavesIsNoticed() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending))) {
            RawClient client = server.connect();
            client.send(GET + "\r\n");
            Pending request = TestServer.next(pending);
            client.reset();
            TestServer.Finished finished = server.nextFinished();
            assertThat(finished.outcome().status()).isZero();
            assertThat(finished.outcome().complete()).isFalse();
            assertThat(finished.exchange().departure().isGone()).isTrue();
            request.text("too late");
            assertThat(server.finished).isEmpty();
        }
    }

    /** A content that breaks off is shown to an HTTP/1.0 client by a reset; where it has reset before, that is no news. */
    @Test
    void bothEndsMayResetAtOnceWithoutALineInTheLog() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
        netty.addAppender(log);
        ManualSource source = new ManualSource();
        try (TestServer server =
                new TestServer((q, e) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN)))) {
            RawClient client = server.connect();
            client.send("GET / HTTP/1.0\r\n\r\n");
            client.line();
            server.loops
                    .all()
                    .get(0)
                    .eventLoop()
                    .submit(() -> {
                        client.reset();
                        source.give("more");
                        source.fail();
                        return true;
                    })
                    .get(10, java.util.concurrent.TimeUnit.SECONDS);
            server.nextFinished();
        } finally {
            netty.detachAppender(log);
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void aLiveBodyIsCancelledWhenItsClientLeaves() throws Exception {
        ManualSource source = new ManualSource();
        try (TestServer server =
                new TestServer((q, e) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN)))) {
            RawClient client = server.connect();
            client.send(GET + "\r\n");
            client.line();
            client.reset();
            server.nextFinished();
            source.cancelled.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void aHalfClosedClientStillGetsItsResponses() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient client = server.connect()) {
            client.send(GET + "\r\n" + GET + "\r\n").endOutput();
            TestServer.next(pending).text("one");
            assertThat(client.answer().body()).isEqualTo("one");
            TestServer.next(pending).text("two");
            assertThat(client.answer().body()).isEqualTo("two");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aRequestThatItsClientEndsTooSoonFails() throws Exception {
        try (TestServer server = new TestServer(ECHO);
                RawClient client = server.connect()) {
            client.send(POST + "Content-Length: 5\r\n\r\nhel").endOutput();
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void manyConnectionsAtOnce() throws Exception {
        try (TestServer server = new TestServer(ECHO)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(server.connect().send(POST + "Content-Length: 2\r\n\r\n" + (10 + i)));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(clients.get(i).answer().body()).isEqualTo((10 + i) + "|");
                clients.get(i).close();
            }
        }
    }
}
