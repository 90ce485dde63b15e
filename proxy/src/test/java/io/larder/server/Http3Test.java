package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.netty.Transport;
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.larder.testing.Http3Exchange.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests and responses over HTTP/3 (RFC 9114 §4). */
class Http3Test {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final Handler READ = (request, exchange) ->
            Readers.readAll(request).thenCompose(read -> TestServer.text(read.text() + read.trailers()));

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void aRequestIsAnswered(Transport transport) throws Exception {
        try (Http3Server server = new Http3Server(OK, Http3Server.Like.USUAL.on(transport));
                Http3Client client = server.connect()) {
            Answer answer = client.get("/").answer();
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.field("content-length")).isEqualTo("2");
            TestServer.Finished finished = server.server.nextFinished();
            assertThat(finished.exchange().journal().protocol()).isEqualTo("HTTP/3");
            assertThat(finished.request().target().scheme()).isEqualTo("https");
            assertThat(finished.outcome().complete()).isTrue();
            assertThat(finished.outcome().sent()).isEqualTo(2);
        }
    }

    @Test
    void contentAndTrailersPassBothWays() throws Exception {
        Handler echo = (request, exchange) -> Readers.readAll(request)
                .thenApply(read -> Response.of(
                        200,
                        Headers.EMPTY,
                        new Body.Live(new ListSource(List.of("got ", read.text()), read.trailers()), Body.UNKNOWN)));
        try (Http3Server server = new Http3Server(echo);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(false, request("POST", "/"));
            exchange.data(false, "one ").data(false, "two").head(true, "x-sum", "42");
            Answer answer = exchange.answer();
            assertThat(answer.text()).isEqualTo("got one two");
            assertThat(answer.trailers()).containsEntry("x-sum", "42");
            assertThat(server.server.nextFinished().outcome().received()).isEqualTo(7);
        }
    }

    @Test
    void headAnd204And304HaveNoContent() throws Exception {
        Handler handler = (request, exchange) -> {
            int status = request.target().path().equals("/")
                    ? 200
                    : Integer.parseInt(request.target().path().substring(1));
            return TestServer.answer(status, status == 200 ? new Body.Whole(Bytes.utf8("ok")) : Body.none());
        };
        try (Http3Server server = new Http3Server(handler);
                Http3Client client = server.connect()) {
            Answer head = client.open().head(true, request("HEAD", "/")).answer();
            assertThat(head.field("content-length")).isEqualTo("2");
            assertThat(head.text()).isEmpty();
            for (String status : List.of("204", "304")) {
                Answer answer = client.get("/" + status).answer();
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.text()).isEmpty();
            }
        }
    }

    @Test
    void interimResponsesPass() throws Exception {
        Handler hints = (request, exchange) -> {
            exchange.interim().send(103, Headers.of("Link", "</a.css>; rel=preload"));
            return TestServer.text("ok");
        };
        try (Http3Server server = new Http3Server(hints);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            Http3Exchange.Event.Head early = exchange.nextHead();
            assertThat(early.status()).isEqualTo("103");
            assertThat(early.fields()).containsEntry("link", "</a.css>; rel=preload");
            assertThat(exchange.answer().text()).isEqualTo("ok");
        }
    }

    @Test
    void aClientThatWaitsForA100GetsOne() throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange exchange =
                    client.open().head(false, request("POST", "/", "expect", "100-continue", "content-length", "5"));
            assertThat(exchange.nextHead().status()).isEqualTo("100");
            exchange.data(true, "hello");
            assertThat(exchange.answer().text()).isEqualTo("hello");
        }
    }

    /** Whether a GET has content is known when it ends, or some comes. */
    @Test
    void aGetMayHaveContentAndMayEndLater() throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            Http3Exchange content = client.open().head(false, request("GET", "/"));
            content.data(true, "content");
            assertThat(content.answer().text()).isEqualTo("content");
            assertThat(server.server.nextFinished().request().body()).isInstanceOf(Body.Live.class);
            Http3Exchange bare = client.open().head(false, request("GET", "/"));
            client.get("/").answer();
            assertThat(bare.isQuiet()).isTrue();
            bare.end();
            bare.answer();
            assertThat(server.server.nextFinished().request().body().isEmpty()).isTrue();
        }
    }

    @Test
    void manyAreUnderWayAtOnce() throws Exception {
        try (Http3Server server = new Http3Server(READ);
                Http3Client client = server.connect()) {
            List<Http3Exchange> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(client.open().head(false, request("POST", "/")));
            }
            for (int i = 99; i >= 0; i--) {
                all.get(i).data(true, "number " + i);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(all.get(i).answer().text()).isEqualTo("number " + i);
            }
            for (int i = 0; i < 1000; i++) { // each that has ended makes room for another
                eventually("room", client::hasRoom);
                assertThat(client.get("/").answer().status()).isEqualTo("200");
            }
        }
    }

    /** RFC 9114 §4.1: what is left of a request after its answer is not needed. */
    @Test
    void anAnswerBeforeTheEndOfItsRequest() throws Exception {
        try (Http3Server server = new Http3Server(OK);
                Http3Client client = server.connect()) {
            for (int i = 0; i < 50; i++) {
                Http3Exchange exchange = client.open().head(false, request("POST", "/"));
                exchange.data(false, "on its way");
                assertThat(exchange.answer().text()).isEqualTo("ok");
                assertThat(server.server.nextFinished().outcome().complete()).isTrue();
            }
        }
    }

    @Test
    void aResponseThatBreaksOffIsReset() throws Exception {
        ManualSource source = new ManualSource();
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN));
        try (Http3Server server = new Http3Server(handler);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            exchange.nextHead();
            server.onLoop(() -> source.give("some"));
            assertThat(exchange.next()).isEqualTo(new Http3Exchange.Event.Data("some"));
            server.onLoop(source::fail);
            assertThat(exchange.resetCode()).isEqualTo(0x102);
            assertThat(server.server.nextFinished().outcome().complete()).isFalse();
        }
    }

    @Test
    void aClientThatLeavesIsADeparture() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        Handler reading = (request, exchange) -> {
            exchange.departure().onGone(() -> gone.complete(null));
            Readers.readAll(request).whenComplete((read, failure) -> failed.complete(failure));
            return new CompletableFuture<>();
        };
        try (Http3Server server = new Http3Server(reading);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(false, request("POST", "/"));
            exchange.data(false, "some");
            exchange.cancel();
            gone.get(10, TimeUnit.SECONDS);
            assertThat(failed.get(10, TimeUnit.SECONDS)).hasMessageContaining("left");
            assertThat(server.server.nextFinished().outcome().status()).isZero();
        }
    }

    @Test
    void aClientThatHearsNoMoreEndsItsResponse() throws Exception {
        ManualSource source = new ManualSource();
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN));
        try (Http3Server server = new Http3Server(handler);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            exchange.nextHead();
            exchange.stopHearing();
            source.cancelled.get(10, TimeUnit.SECONDS);
            assertThat(server.server.nextFinished().outcome().complete()).isFalse();
        }
    }

    /** A person who goes on to another page: the head was all of the request, and there is no answer yet. */
    @Test
    void aClientThatLeavesBeforeItsAnswerIsADeparture() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Handler never = (request, exchange) -> {
            exchange.departure().onGone(() -> gone.complete(null));
            return new CompletableFuture<>();
        };
        try (Http3Server server = new Http3Server(never);
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            assertThat(exchange.isQuiet()).isTrue();
            exchange.stopHearing();
            gone.get(10, TimeUnit.SECONDS);
            assertThat(server.server.nextFinished().outcome().status()).isZero();
        }
    }
}
