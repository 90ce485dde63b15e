package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Handler;
import io.larder.exchange.Telemetry;
import io.larder.http.Response;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.netty.handler.codec.quic.QuicStreamType;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How connections of HTTP/3 begin and end, and what a client may cost. */
class Http3LifeTest {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final Handler READ =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));

    private static Http3Server.Like impatient(Duration header, Duration body, Duration idle) {
        Duration patience = Duration.ofSeconds(20);
        return Http3Server.Like.USUAL.within(new ListenerSettings.Timeouts(header, body, idle, patience, patience));
    }

    @Test
    void anIdleConnectionIsClosedWithAGoodbye() throws Exception {
        Duration patience = Duration.ofSeconds(20);
        try (Http3Server server = new Http3Server(OK, impatient(patience, patience, Duration.ofMillis(400)));
                Http3Client client = server.connect()) {
            client.get("/").answer();
            assertThat(client.closingCode()).isEqualTo(0x100);
            assertThat(client.goAways).containsExactly(4L);
            eventually("it is counted no more", () -> server.server.listener.connections() == 0);
        }
    }

    @Test
    void aRequestUnderWayIsNotIdle() throws Exception {
        Handler later = (request, exchange) -> {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            exchange.loop()
                    .schedule(
                            Duration.ofMillis(900),
                            () -> answer.complete(TestServer.text("late")
                                    .toCompletableFuture()
                                    .join()));
            return answer;
        };
        Duration patience = Duration.ofSeconds(20);
        try (Http3Server server = new Http3Server(later, impatient(patience, patience, Duration.ofMillis(300)));
                Http3Client client = server.connect()) {
            assertThat(client.get("/").answer().text()).isEqualTo("late");
        }
    }

    @Test
    void aHeadMustHaveComeInTime() throws Exception {
        Duration patience = Duration.ofSeconds(20);
        try (Http3Server server = new Http3Server(OK, impatient(Duration.ofMillis(500), patience, patience));
                Http3Client client = server.connect()) {
            Http3Exchange raw = client.raw(QuicStreamType.BIDIRECTIONAL);
            raw.octets((byte) 1, (byte) 0x40);
            assertThat(raw.resetCode()).isEqualTo(0x10d);
            assertThat(server.server.nextRejected().status()).isEqualTo(408);
            assertThat(client.get("/").answer().text()).isEqualTo("ok");
        }
    }

    @Test
    void aPauseInsideContentEndsIt() throws Exception {
        Duration patience = Duration.ofSeconds(20);
        try (Http3Server server = new Http3Server(READ, impatient(patience, Duration.ofMillis(300), patience));
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(false, request("POST", "/"));
            exchange.data(false, "some");
            assertThat(exchange.answer().status()).isEqualTo("408");
            assertThat(client.get("/").answer().status()).isEqualTo("200");
        }
    }

    @Test
    void aDrainedConnectionFinishesWhatItHasAndThePortIsFree() throws Exception {
        BlockingQueue<CompletableFuture<Response>> asked = new LinkedBlockingQueue<>();
        Handler later = (request, exchange) -> {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        };
        try (Http3Server server = new Http3Server(later);
                Http3Client client = server.connect();
                Http3Client idle = server.connect()) {
            Http3Exchange exchange = client.get("/");
            CompletableFuture<Response> answer = TestServer.next(asked);
            CompletableFuture<Integer> drained =
                    server.server.listener.drain(Duration.ofSeconds(30)).toCompletableFuture();
            assertThat(client.goAways.poll(10, TimeUnit.SECONDS)).isEqualTo((1L << 62) - 4);
            assertThat(client.goAways.poll(10, TimeUnit.SECONDS)).isEqualTo(4);
            assertThat(idle.closingCode()).isEqualTo(0x100);
            assertThatThrownBy(server::connect).as("nobody new").isInstanceOf(Exception.class);
            server.onLoop(() -> answer.complete(
                    TestServer.text("done").toCompletableFuture().join()));
            assertThat(exchange.answer().text()).isEqualTo("done");
            assertThat(client.closingCode()).isEqualTo(0x100);
            assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
            int port = server.server.listener.address().getPort();
            eventually("the port is free", () -> {
                try (DatagramSocket socket = new DatagramSocket(port)) {
                    return socket.isBound();
                }
            });
        }
    }

    @Test
    void whatDoesNotFinishIsCut() throws Exception {
        Handler never = (request, exchange) -> new CompletableFuture<>();
        try (Http3Server server = new Http3Server(never);
                Http3Client client = server.connect()) {
            client.get("/");
            eventually("it is there", () -> server.server.listener.connections() == 1);
            int cut = server.server
                    .listener
                    .drain(Duration.ofMillis(1500))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(cut).isEqualTo(1);
            assertThat(client.closingCode()).isEqualTo(0x102);
        }
    }

    @Test
    void connectionsCountWithTheOthers() throws Exception {
        try (Http3Server server = new Http3Server(OK, Http3Server.Like.USUAL.withRoom(2, Integer.MAX_VALUE));
                Http3Client second = server.connect()) {
            try (Http3Client first = server.connect()) {
                assertThat(first.get("/").answer().text()).isEqualTo("ok");
                assertThat(server.server.listener.connections()).isEqualTo(2);
                assertThatThrownBy(server::connect).isInstanceOf(Exception.class);
                assertThat(server.server.turned).contains(Telemetry.Turned.CONNECTION_LIMIT);
            }
            eventually("room again", () -> server.server.listener.connections() == 1);
            try (Http3Client third = server.connect()) {
                assertThat(third.get("/").answer().text()).isEqualTo("ok");
            }
            assertThat(second.get("/").answer().text()).isEqualTo("ok");
        }
    }

    @Test
    void oneClientHasItsShare() throws Exception {
        try (Http3Server server = new Http3Server(OK, Http3Server.Like.USUAL.withRoom(100, 1));
                Http3Client first = server.connect()) {
            assertThatThrownBy(server::connect).isInstanceOf(Exception.class);
            assertThat(server.server.turned).contains(Telemetry.Turned.CLIENT_LIMIT);
            assertThat(first.get("/").answer().text()).isEqualTo("ok");
        }
    }

    /** CVE-2025-8671: a request that somebody still works for counts, whoever has left. */
    @Test
    void whatIsStillWorkedForCountsUntilItEnds() throws Exception {
        BlockingQueue<CompletableFuture<Response>> asked = new LinkedBlockingQueue<>();
        Handler later = (request, exchange) -> {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        };
        try (Http3Server server = new Http3Server(later);
                Http3Client client = server.connect()) {
            List<CompletableFuture<Response>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Http3Exchange exchange = client.get("/");
                all.add(TestServer.next(asked));
                exchange.stopHearing();
                TestServer.next(server.server.finished);
            }
            eventually("room for streams", client::hasRoom);
            assertThat(client.get("/").resetCode()).isEqualTo(0x10b);
            assertThat(asked).isEmpty();
            server.onLoop(() -> all.getFirst()
                    .complete(
                            TestServer.text("for nobody").toCompletableFuture().join()));
            CompletableFuture<Void> heard = new CompletableFuture<>();
            server.onLoop(() -> heard.complete(null));
            heard.get(10, TimeUnit.SECONDS);
            Http3Exchange next = client.get("/");
            CompletableFuture<Response> answer = TestServer.next(asked);
            server.onLoop(() -> answer.complete(
                    TestServer.text("room again").toCompletableFuture().join()));
            assertThat(next.answer().text()).isEqualTo("room again");
        }
    }
}
