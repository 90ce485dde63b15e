package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.server.connection.ListenerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How long a client may take, in virtual time. */
class TimersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\n";
    private static final ListenerSettings SETTINGS = TestServer.settings(new ListenerSettings.Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1)));
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final Handler READ =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));

    private static void pass(EmbeddedServer server, long millis) {
        server.loop.advance(Duration.ofMillis(millis));
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            pass(server, 74_999);
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 1);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(server.sent()).isEmpty();
            assertThat(server.rejections).isEmpty();
        }
    }

    @Test
    void idlenessBeginsAnewWithEveryResponse() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            for (int i = 0; i < 3; i++) {
                pass(server, 74_000);
                server.receive(GET);
                assertThat(server.sent()).startsWith("HTTP/1.1 200");
            }
            pass(server, 75_000);
            assertThat(server.channel.isOpen()).isFalse();
        }
    }

    @Test
    void aHeadMustHaveComeWholeInTimeHoweverItDrips() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            pass(server, 70_000);
            for (int i = 0; i < 10; i++) {
                server.receive(GET.substring(i, i + 1));
                pass(server, 999);
            }
            assertThat(server.sent()).isEmpty();
            pass(server, 10);
            assertThat(server.sent()).startsWith("HTTP/1.1 408").contains("Connection: close");
            assertThat(server.rejections).containsExactly(408);
            assertThat(server.channel.isOpen()).isFalse();
        }
    }

    @Test
    void aSecondHeadIsTimedFromItsOwnFirstByte() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            server.receive(GET + "GE");
            pass(server, 9_999);
            server.receive(GET.substring(2) + "G");
            pass(server, 9_999);
            assertThat(server.sent()).doesNotContain("408");
            pass(server, 1);
            assertThat(server.sent()).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void aPauseInsideABodyEndsIt() {
        try (EmbeddedServer server = new EmbeddedServer(READ, SETTINGS)) {
            server.receive(POST);
            for (String piece : List.of("h", "e", "l")) {
                pass(server, 29_999);
                server.receive(piece);
            }
            assertThat(server.sent()).isEmpty();
            pass(server, 30_000);
            assertThat(server.sent()).startsWith("HTTP/1.1 408").contains("Connection: close");
            assertThat(server.outcomes).hasSize(1);
            assertThat(server.outcomes.get(0).status()).isEqualTo(408);
        }
    }

    @Test
    void aHandlerMayTakeItsTimeForItIsNotTheClientWhoDoes() {
        List<CompletableFuture<Response>> answers = new ArrayList<>();
        Handler slow = (request, exchange) -> {
            answers.add(new CompletableFuture<>());
            return answers.get(0);
        };
        try (EmbeddedServer server = new EmbeddedServer(slow, SETTINGS)) {
            server.receive(GET);
            pass(server, 3_600_000);
            answers.get(0).complete(Response.of(200, Headers.EMPTY, Body.none()));
            assertThat(server.sent()).startsWith("HTTP/1.1 200");
            assertThat(server.outcomes.get(0).nanos()).isEqualTo(3_600_000_000_000L);
        }
    }

    @Test
    void aHalfClosedClientThatGetsNothingCountsAsGone() {
        List<Boolean> gone = new ArrayList<>();
        Handler never = (request, exchange) -> {
            exchange.departure().onGone(() -> gone.add(true));
            return new CompletableFuture<>();
        };
        try (EmbeddedServer server = new EmbeddedServer(never, SETTINGS)) {
            server.receive(GET);
            server.endInput();
            pass(server, 999);
            assertThat(gone).isEmpty();
            pass(server, 1);
            assertThat(gone).hasSize(1);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(server.outcomes).hasSize(1);
            assertThat(server.outcomes.get(0).complete()).isFalse();
        }
    }

    @Test
    void aHalfClosedClientThatTakesBytesIsStillThere() {
        ManualSource events = new ManualSource();
        Handler live = (request, exchange) -> TestServer.answer(200, new Body.Live(events, Body.UNKNOWN));
        try (EmbeddedServer server = new EmbeddedServer(live, SETTINGS)) {
            server.receive(GET);
            server.endInput();
            for (int i = 0; i < 5; i++) {
                events.give("event");
                pass(server, 999);
                assertThat(server.sent()).endsWith("event\r\n");
            }
            pass(server, 2_000);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(events.cancelled).isDone();
        }
    }

    @Test
    void aHalfClosedClientWhoseContentWasStillHereCountsAsGoneToo() {
        List<Source> bodies = new ArrayList<>();
        Handler reader = (request, exchange) -> {
            if (request.body() instanceof Body.Live live) {
                bodies.add(live.source());
            }
            return new CompletableFuture<>();
        };
        try (EmbeddedServer server = new EmbeddedServer(reader, SETTINGS)) {
            server.receive(POST + "hello");
            server.endInput();
            new Pump(bodies.get(0), new Pump.Taker() {
                        @Override
                        public boolean chunk(Bytes bytes) {
                            return true;
                        }

                        @Override
                        public void end(Headers trailers) {}

                        @Override
                        public void failed(Throwable cause) {}
                    })
                    .resume();
            pass(server, 2_000);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(server.outcomes).hasSize(1);
        }
    }

    @Test
    void aClientWithBytesToTakeIsNotIdle() {
        try (EmbeddedServer server = new EmbeddedServer(OK, withPatientWrites())) {
            server.stopTaking();
            server.receive(GET);
            pass(server, 75_000);
            assertThat(server.channel.isOpen()).as("its answer has not left").isTrue();
            pass(server, 45_000);
            assertThat(server.channel.isOpen()).as("the write timeout").isFalse();
        }
    }

    /** What is added to what waits is no sign that the client takes any of it. */
    @Test
    void aClientThatTakesNothingIsCutOffHoweverMuchMoreThereIs() {
        ManualSource events = new ManualSource();
        Handler live = (request, exchange) -> TestServer.answer(200, new Body.Live(events, Body.UNKNOWN));
        try (EmbeddedServer server = new EmbeddedServer(live, SETTINGS)) {
            server.receive(GET);
            server.sent();
            server.stopTaking();
            events.give("first");
            pass(server, 30_000);
            events.give("second");
            pass(server, 29_999);
            assertThat(server.channel.isOpen()).isTrue();
            pass(server, 1);
            assertThat(server.channel.isOpen()).isFalse();
            assertThat(server.outcomes.get(0).complete()).isFalse();
        }
    }

    @Test
    void aClientThatTakesSomeInEveryWriteTimeoutIsNotCutOff() {
        ManualSource events = new ManualSource();
        Handler live = (request, exchange) -> TestServer.answer(200, new Body.Live(events, Body.UNKNOWN));
        try (EmbeddedServer server = new EmbeddedServer(live, SETTINGS)) {
            server.receive(GET);
            server.sent();
            for (int i = 0; i < 10; i++) {
                server.stopTaking();
                events.give("event " + i);
                pass(server, 59_000);
                server.takeAgain();
                assertThat(server.sent()).endsWith("event " + i + "\r\n");
            }
            server.stopTaking();
            events.give("the same again");
            pass(server, 60_001);
            assertThat(server.channel.isOpen())
                    .as("the last that it took is less long ago")
                    .isTrue();
            pass(server, 60_000);
            assertThat(server.channel.isOpen()).isFalse();
        }
    }

    private static ListenerSettings withPatientWrites() {
        ListenerSettings.Timeouts t = SETTINGS.timeouts();
        return TestServer.settings(
                new ListenerSettings.Timeouts(t.header(), t.body(), t.idle(), Duration.ofMinutes(2), t.halfClosed()));
    }

    @Test
    void unreadContentMustComeToItsEndInTime() {
        try (EmbeddedServer server = new EmbeddedServer(OK, SETTINGS)) {
            server.receive(POST + "he");
            assertThat(server.sent()).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
            pass(server, 30_000);
            assertThat(server.channel.isOpen()).isFalse();
        }
    }
}
