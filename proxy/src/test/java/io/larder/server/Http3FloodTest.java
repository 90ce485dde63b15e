package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.server.connection.Flood;
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile client of HTTP/3 can do too much of is bounded, counted once, and ends its connection with H3_EXCESSIVE_LOAD. */
class Http3FloodTest {
    private static final int EXCESSIVE_LOAD = 0x107;

    /** One step of a flood. */
    interface Step {
        void take(Http3Client client, int i) throws Exception;
    }

    record Case(String name, Flood kind, int most, Step step) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] times(int count, int... octets) {
        byte[] all = new byte[count * octets.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) octets[i % octets.length];
        }
        return all;
    }

    static Stream<Case> floods() {
        QuicStreamType both = QuicStreamType.BIDIRECTIONAL;
        QuicStreamType one = QuicStreamType.UNIDIRECTIONAL;
        return Stream.of(
                new Case(
                        "rapid reset",
                        Flood.RESETS,
                        2_000,
                        (client, i) -> client.open()
                                .head(false, request("POST", "/", "x", String.valueOf(i)))
                                .cancel()),
                new Case(
                        "malformed heads",
                        Flood.PROVOKED_RESETS,
                        2_000,
                        (client, i) -> client.open().head(true, request("GET", "/", "connection", "close"))),
                new Case(
                        "frames of no known type",
                        Flood.UNKNOWN_FRAMES,
                        1,
                        (client, i) -> client.raw(both).octets(times(10_000, 0x40, 0x60, 0))),
                new Case(
                        "streams of no known kind",
                        Flood.UNKNOWN_FRAMES,
                        2_000,
                        (client, i) ->
                                client.raw(one).octets((byte) 0x40, (byte) 0x60).end()),
                new Case("empty DATA", Flood.EMPTY_DATA, 1, (client, i) -> {
                    Http3Exchange exchange = client.open().head(false, request("POST", "/"));
                    for (int n = 0; n < 2_000; n++) {
                        exchange.data(false, "");
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodEndsItsConnectionAndNoOther(Case flood) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        Handler reading = (request, exchange) -> {
            begun.incrementAndGet();
            return Readers.readAll(request).thenCompose(read -> TestServer.text("ok"));
        };
        try (Http3Server server = new Http3Server(reading);
                Http3Client client = server.connect();
                Http3Client other = server.connect()) {
            for (int i = 0; i < flood.most && !client.closed.isDone(); i++) {
                eventually("room", () -> client.closed.isDone() || client.hasRoom());
                try {
                    flood.step.take(client, i);
                } catch (Exception closed) {
                    eventually("it is closed", client.closed::isDone);
                }
            }
            assertThat(client.closingCode()).isEqualTo(EXCESSIVE_LOAD);
            assertThat(TestServer.next(server.server.floods)).isEqualTo(flood.kind.code());
            assertThat(server.server.floods).as("told once").isEmpty();
            assertThat(begun.get()).as("requests that were put to the handler").isLessThan(400);
            assertThat(other.get("/").answer().text()).isEqualTo("ok");
            eventually("all have ended", () -> server.server.finished.size() == begun.get());
        }
    }

    /** A client that leaves some of what it asks for, as people who browse do, is no flood. */
    @Test
    void leavingBesideAnswersIsNoFlood() throws Exception {
        Handler handler = (request, exchange) ->
                request.target().path().equals("/never") ? new CompletableFuture<>() : TestServer.text("ok");
        try (Http3Server server = new Http3Server(handler);
                Http3Client client = server.connect()) {
            for (int i = 0; i < 90; i++) {
                eventually("room", client::hasRoom);
                assertThat(client.get("/").answer().text()).isEqualTo("ok");
                eventually("room", client::hasRoom);
                client.get("/never").stopHearing();
            }
            assertThat(server.server.floods).isEmpty();
        }
    }
}
