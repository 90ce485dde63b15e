package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.Serving;
import io.larder.testing.RawClient;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening, limiting, draining. */
class ListenerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final ListenerSettings SETTINGS = TestServer.settings(TestServer.timeouts(10_000));

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void allLoopsServeTheOnePortThatWasChosen(String transport) throws Exception {
        Set<Integer> loopsSeen = ConcurrentHashMap.newKeySet();
        Handler handler = (request, exchange) -> {
            loopsSeen.add(((NettyLoop) exchange.loop()).number());
            return TestServer.text(exchange.client().address());
        };
        try (TestServer server = new TestServer(handler, SETTINGS, new Loops(Transport.pick(transport), 2))) {
            assertThat(server.listener.address().getPort()).isPositive();
            for (int i = 0; i < 200 && loopsSeen.size() < 2; i++) {
                try (RawClient client = server.connect()) {
                    assertThat(client.send(GET).answer().body()).isEqualTo("127.0.0.1");
                }
            }
            assertThat(loopsSeen).containsExactlyInAnyOrder(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aPortInUseIsSaidSo(String transport) throws Exception {
        Loops loops = new Loops(Transport.pick(transport), 2);
        try (TestServer server = new TestServer(Pending.into(new LinkedBlockingQueue<>()), SETTINGS, loops)) {
            Serving serving = new Serving(
                    () -> Pending.into(new LinkedBlockingQueue<>()), Telemetry.NONE, () -> new RequestId(1));
            InetSocketAddress taken = server.listener.address();
            assertThatThrownBy(() -> Listener.open(taken, SETTINGS, loops, loop -> serving))
                    .isInstanceOfSatisfying(
                            BindFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(BindFailure.Kind.ADDRESS_IN_USE))
                    .hasMessage("127.0.0.1:" + taken.getPort() + " is in use by another process");
            server.listener.stopAccepting();
            Listener again = Listener.open(taken, SETTINGS, loops, loop -> serving);
            assertThat(again.address()).isEqualTo(taken);
            again.drain(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    static List<Arguments> failures() {
        return List.of(
                Arguments.of(new BindException("Address already in use"), BindFailure.Kind.ADDRESS_IN_USE),
                Arguments.of(new BindException("Permission denied"), BindFailure.Kind.PERMISSION_DENIED),
                Arguments.of(new SocketException("Permission denied"), BindFailure.Kind.PERMISSION_DENIED),
                Arguments.of(
                        new BindException("Cannot assign requested address"), BindFailure.Kind.ADDRESS_NOT_AVAILABLE),
                Arguments.of(new Errors.NativeIoException("bind", -98), BindFailure.Kind.ADDRESS_IN_USE),
                Arguments.of(new Errors.NativeIoException("bind", -13), BindFailure.Kind.PERMISSION_DENIED),
                Arguments.of(new Errors.NativeIoException("bind", -99), BindFailure.Kind.ADDRESS_NOT_AVAILABLE),
                Arguments.of(new Errors.NativeIoException("bind", -12), BindFailure.Kind.OTHER),
                Arguments.of(new IOException("anything"), BindFailure.Kind.OTHER));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyReasonHasItsKind(IOException cause, BindFailure.Kind kind) {
        BindFailure failure = BindFailure.of(new InetSocketAddress("127.0.0.1", 80), cause);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageStartingWith("127.0.0.1:80 ").hasMessageNotContaining("\n");
    }

    @Test
    void anAddressOfAnotherMachineIsSaidSo() throws Exception {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0);
        Loops loops = new Loops(Transport.pick(null), 1);
        Serving serving =
                new Serving(() -> Pending.into(new LinkedBlockingQueue<>()), Telemetry.NONE, () -> new RequestId(1));
        assertThatThrownBy(() -> Listener.open(elsewhere, SETTINGS, loops, loop -> serving))
                .isInstanceOfSatisfying(
                        BindFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(BindFailure.Kind.ADDRESS_NOT_AVAILABLE));
        loops.close(Duration.ofSeconds(5)).await(10, TimeUnit.SECONDS);
    }

    @Test
    void oneConnectionTooManyIsToldSo() throws Exception {
        ListenerSettings two = new ListenerSettings("test", TestServer.HEAD, 2, 10, TestServer.timeouts(10_000));
        try (TestServer server = new TestServer((q, e) -> TestServer.text("ok"), two);
                RawClient first = server.connect();
                RawClient second = server.connect()) {
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
            assertThat(second.send(GET).answer().status()).isEqualTo(200);
            assertThat(server.listener.connections()).isEqualTo(2);
            try (RawClient third = server.connect()) {
                assertThat(third.send(GET).answer().status()).isEqualTo(503);
                assertThat(third.isEnded()).isTrue();
            }
            assertThat(server.nextRejected().status()).isEqualTo(503);
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void drainingClosesTheIdleAndLetsTheBusyFinish() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending));
                RawClient idle = server.connect();
                RawClient busy = server.connect();
                RawClient streaming = server.connect()) {
            streaming.send(GET);
            ManualSource source = new ManualSource();
            Pending stream = TestServer.next(pending);
            stream.give(Response.of(200, Headers.EMPTY, new Body.Live(source, 5)));
            while (!streaming.line().isEmpty()) {
                // the head, which has promised a connection that lives on
            }
            busy.send(GET + GET);
            Pending request = TestServer.next(pending);
            CompletableFuture<Integer> drained =
                    server.listener.drain(Duration.ofSeconds(30)).toCompletableFuture();
            assertThat(idle.isEnded()).isTrue();
            assertThat(drained).isNotDone();
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);

            request.give(Response.of(200, Headers.EMPTY, Body.none()));
            assertThat(busy.answer().closes()).isTrue();
            assertThat(busy.isEnded()).isTrue();
            stream.exchange().loop().execute(() -> {
                source.give("hello");
                source.finish();
            });
            assertThat(new String(streaming.exactly(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            assertThat(streaming.isEnded()).isTrue();
            streaming.endOutput();
            busy.endOutput();
            assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
            assertThat(pending).isEmpty();
        }
    }

    @Test
    void whoIsNotDoneByTheLimitIsCut() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(server.connect().send(GET));
                TestServer.next(pending);
            }
            assertThat(server.listener
                            .drain(Duration.ofMillis(50))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .isEqualTo(3);
            for (RawClient client : clients) {
                assertThat(client.isEnded()).isTrue();
            }
            assertThat(server.nextFinished().outcome().complete()).isFalse();
        }
    }

    @Test
    void aReloadIsSeenByTheNextRequest() throws Exception {
        List<String> answers = List.of("old", "new");
        int[] asked = new int[1];
        Loops loops = new Loops(Transport.pick(null), 1);
        Serving serving = new Serving(
                () -> {
                    String text = answers.get(asked[0]++);
                    return (request, exchange) -> TestServer.text(text);
                },
                Telemetry.NONE,
                () -> new RequestId(1));
        Listener listener = Listener.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SETTINGS, loops, loop -> serving);
        try (RawClient client = new RawClient(listener.address())) {
            assertThat(client.send(GET).answer().body()).isEqualTo("old");
            assertThat(client.send(GET).answer().body()).isEqualTo("new");
        }
        listener.drain(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        loops.close(Duration.ofSeconds(5)).await(10, TimeUnit.SECONDS);
    }

    /** A server that answers with the name under which it knows the connection, and takes {@code body} bytes at most. */
    private static ListenerSettings named(String name, long body) {
        return new ListenerSettings(name, TestServer.HEAD, 100, body, TestServer.timeouts(10_000));
    }

    private static void change(TestServer server, ListenerSettings settings) throws Exception {
        Serving serving = new Serving(
                () -> (request, exchange) ->
                        TestServer.text("now " + exchange.client().listener()),
                Telemetry.NONE,
                () -> new RequestId(1));
        server.listener.change(settings, loop -> serving).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static String post(int length) {
        return "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void newSettingsAreForConnectionsThatComeThen(String transport) throws Exception {
        Handler handler = (request, exchange) ->
                TestServer.text("once " + exchange.client().listener());
        Loops loops = new Loops(Transport.pick(transport), 2);
        try (TestServer server = new TestServer(handler, named("web", 10), loops);
                RawClient before = server.connect()) {
            assertThat(before.send(GET).answer().body()).isEqualTo("once web");
            change(server, named("web", 3));
            assertThat(before.send(post(10)).answer().body()).isEqualTo("once web");
            try (RawClient after = server.connect()) {
                assertThat(after.send(GET).answer().body()).isEqualTo("now web");
                assertThat(after.send(post(10)).answer().status()).isEqualTo(413);
            }
            assertThat(before.send(GET).answer().closes()).isFalse();
        }
    }

    @Test
    void oneThatIsRenamedLetsGoOfThoseWhoCameByItsOldName() throws Exception {
        BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(Pending.into(pending), named("web", 10));
                RawClient idle = server.connect();
                RawClient busy = server.connect()) {
            busy.send(GET);
            Pending request = TestServer.next(pending);
            change(server, named("shop", 10));
            try (RawClient after = server.connect()) {
                assertThat(after.send(GET).answer().body()).isEqualTo("now shop");
                CompletableFuture<Integer> drained = server.listener
                        .drainNamedOtherwise(Duration.ofSeconds(30))
                        .toCompletableFuture();
                assertThat(idle.isEnded()).isTrue();
                assertThat(drained).isNotDone();
                request.give(Response.of(200, Headers.EMPTY, Body.none()));
                assertThat(busy.answer().closes()).isTrue();
                busy.endOutput();
                assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
                assertThat(after.send(GET).answer().closes()).isFalse();
            }
        }
    }

    @Test
    void drainingReachesThoseWhoCameBeforeAChange() throws Exception {
        try (TestServer server = new TestServer((q, e) -> TestServer.text("ok"), named("web", 10));
                RawClient first = server.connect()) {
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
            change(server, named("web", 3));
            change(server, named("web", 4));
            try (RawClient second = server.connect()) {
                assertThat(second.send(GET).answer().status()).isEqualTo(200);
                CompletableFuture<Integer> drained =
                        server.listener.drain(Duration.ofSeconds(30)).toCompletableFuture();
                assertThat(first.isEnded()).isTrue();
                assertThat(second.isEnded()).isTrue();
                assertThat(drained.get(10, TimeUnit.SECONDS)).isZero();
            }
        }
    }
}
