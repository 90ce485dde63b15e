package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static io.larder.upstream.Rig.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import io.larder.netty.Transport;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Layer;
import io.larder.testing.ScriptedOrigin.Script;
import io.larder.upstream.Rig.Result;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 over TLS, against the JDK's sockets: whom we believe, who we are, and what an end of the connection means. */
class TlsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static X509Bundle authority;
    private static X509Bundle stranger;
    private static X509Bundle server;

    @BeforeAll
    static void certify() throws Exception {
        authority = Certificates.authority("ours");
        stranger = Certificates.authority("theirs");
        server = Certificates.server(authority);
    }

    private static Access access(
            UpstreamTls.Trust trust, @Nullable String name, UpstreamTls.@Nullable Identity identity) {
        return new Access(Access.Protocol.HTTP_1_1, new UpstreamTls(trust, name, identity), Access.Preface.OFF);
    }

    private static Access trusting() {
        return access(Certificates.trusting(authority), null, null);
    }

    private static Layer plainTls(X509Bundle bundle) throws Exception {
        return Certificates.tls(bundle, null, socket -> {});
    }

    private static Consumer<SSLSocket> only(String version) {
        return socket -> socket.setEnabledProtocols(new String[] {version});
    }

    private static Rig rig(ScriptedOrigin origin, Access access) {
        return new Rig(patient(Rig.with(Rig.settings(origin.address()), access)));
    }

    /** Handshakes take their time on a busy machine. */
    private static Rig.Group patient(Rig.Group group) {
        Duration wait = Duration.ofSeconds(20);
        return Rig.with(group, new UpstreamSettings.Timeouts(wait, wait, wait, wait));
    }

    static Stream<Arguments> transportsAndVersions() {
        return Stream.of(Transport.EPOLL, Transport.NIO)
                .flatMap(transport -> Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(transport, version)));
    }

    @ParameterizedTest
    @MethodSource("transportsAndVersions")
    void speaksHttpOverTls(Transport transport, String version) throws Exception {
        Layer tls = Certificates.tls(server, null, only(version));
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK), tls);
                Rig rig = new Rig(patient(Rig.with(Rig.settings(origin.address()), trusting())), transport)) {
            for (int i = 0; i < 20; i++) {
                assertThat(rig.ask(get("/" + i)).body()).isEqualTo("ok");
            }
            assertThat(rig.ask(post("/p", "body")).body()).isEqualTo("ok");
            assertThat(origin.connections()).as("connections are kept").isEqualTo(1);
        }
    }

    static Stream<Arguments> trust() throws Exception {
        certify();
        UpstreamTls.Trust ours = Certificates.trusting(authority);
        return Stream.of(
                row("by name", server, access(ours, null, null), null),
                row("by another name of ours", server, access(ours, "LOCALHOST", null), null),
                row("wrong authority", server, access(Certificates.trusting(stranger), null, null), ""),
                row("the JDK's authorities", server, access(new UpstreamTls.JdkAuthorities(), null, null), ""),
                row("wrong name", server, access(ours, "other.example", null), "other.example"),
                row("wrong address", server, access(ours, "127.0.0.9", null), "127.0.0.9"),
                row("right address", server, access(ours, "127.0.0.1", null), null),
                row("expired", Certificates.expired(authority), access(ours, null, null), ""),
                row(
                        "expired, and nobody asks",
                        Certificates.expired(stranger),
                        access(new UpstreamTls.Anything(), "x.example", null),
                        null),
                row(
                        "for a name we give",
                        Certificates.server(authority, builder -> builder.addSanDnsName("app.example")),
                        access(ours, "app.example", null),
                        null));
    }

    private static Arguments row(String name, X509Bundle shown, Access access, @Nullable String said) {
        return Arguments.of(name, shown, access, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trust")
    void whomWeBelieve(String name, X509Bundle shown, Access access, @Nullable String said) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK), plainTls(shown));
                Rig rig = rig(origin, access)) {
            Result result = rig.ask(post("/", "secret"));
            if (said == null) {
                assertThat(result.body()).as(name).isEqualTo("ok");
                return;
            }
            assertThat(result.failed().kind()).isEqualTo(Kind.TLS_CERTIFICATE_ERROR);
            assertThat(result.failed().isUnsent()).isTrue();
            assertThat(result.failed().detail()).contains("not trusted", said);
            assertThat(origin.requests()).as("what an unknown server got").isEmpty();
            rig.await(stats -> stats.connections() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatAsksWhoWeAreIsTold(String version) throws Exception {
        Layer demanding = Certificates.tls(server, authority, only(version));
        UpstreamTls.Identity identity = Certificates.identity(Certificates.client(authority));
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK), demanding);
                Rig rig = rig(origin, access(Certificates.trusting(authority), null, identity))) {
            assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
        }
    }

    static Stream<Arguments> refusedIdentities() throws Exception {
        certify();
        UpstreamTls.Identity strange = Certificates.identity(Certificates.client(stranger));
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> Stream.of(
                        Arguments.of(version, "none", access(Certificates.trusting(authority), null, null)),
                        Arguments.of(version, "strange", access(Certificates.trusting(authority), null, strange))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refusedIdentities")
    void aServerThatDoesNotKnowUsSaysSo(String version, String name, Access access) throws Exception {
        Layer demanding = Certificates.tls(server, authority, only(version));
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK), demanding);
                Rig rig = rig(origin, access)) {
            Result result = rig.ask(get("/"));
            if (version.equals("TLSv1.2")) {
                assertThat(result.failed().kind()).isEqualTo(Kind.TLS_ALERT_RECEIVED);
                assertThat(result.failed().isUnsent()).isTrue();
            } else {
                // the server judges after we have sent: its reset may overtake its alert
                assertThat(result.failed().kind()).isIn(Kind.TLS_ALERT_RECEIVED, Kind.CONNECTION_TERMINATED);
            }
            assertThat(origin.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theServerIsAskedForByName(@Nullable String configured, String host, List<String> seen) throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        Script notes = ScriptedOrigin.always(OK);
        Layer noting = raw -> {
            SSLSocket socket = (SSLSocket) plain().over(raw);
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            session.getRequestedServerNames().forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            return socket;
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(notes, noting)) {
            InetAddress loopback = InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1});
            InetSocketAddress address = new InetSocketAddress(loopback, origin.port());
            try (Rig rig = new Rig(
                    patient(Rig.with(Rig.settings(address), access(new UpstreamTls.Anything(), configured, null))))) {
                assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
                assertThat(names).isEqualTo(seen);
            }
        }
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of(null, "app.example", List.of("app.example")),
                Arguments.of("www.example", "app.example", List.of("www.example")),
                Arguments.of(null, "my_app", List.of()), // no name of DNS, and yet common among containers
                Arguments.of(null, "127.0.0.1", List.of()));
    }

    private static Layer plain() {
        try {
            return plainTls(server);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> endings() {
        String toClose = "HTTP/1.1 200 OK\r\n\r\nhello";
        return Stream.of(
                Arguments.of("closed in order", toClose, false, null),
                Arguments.of("cut", toClose, true, Kind.RESPONSE_INCOMPLETE),
                Arguments.of(
                        "cut behind the last byte", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true, null));
    }

    /** RFC 9112 §9.8: whoever can cut a connection must not be able to shorten a response unnoticed. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void aBodyThatEndsWithTheConnectionEndsWithAWord(String name, String sent, boolean cut, @Nullable Kind broken)
            throws Exception {
        Script script = wire -> {
            wire.readRequest();
            wire.send(sent);
            if (cut) {
                wire.cut();
            }
        };
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (ScriptedOrigin origin = ScriptedOrigin.play(script, Certificates.tls(server, null, only(version)));
                    Rig rig = rig(origin, trusting())) {
                Result result = rig.ask(get("/"));
                assertThat(result.body()).as(name).isEqualTo("hello");
                assertThat(
                                result.bodyFailure() == null
                                        ? null
                                        : result.brokeOff().kind())
                        .isEqualTo(broken);
                rig.await(stats -> stats.connections() == 0);
            }
        }
    }

    @Test
    void aServerThatClosesAKeptConnectionInOrderOrNotIsNotSeen() throws Exception {
        Script oneEach = wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(oneEach, plainTls(server));
                Rig rig = rig(origin, trusting())) {
            for (int i = 0; i < 20; i++) {
                assertThat(rig.ask(get("/" + i)).body()).isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void largeBodiesPassBothWays(Transport transport) throws Exception {
        String large = "0123456789abcdef".repeat(256 * 1024);
        Script echo = wire -> {
            while (wire.readRequest()) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(echo, plainTls(server));
                Rig rig = new Rig(patient(Rig.with(Rig.settings(origin.address()), trusting())), transport)) {
            Result whole = rig.ask(Rig.request("POST", "/w", new Body.Whole(Bytes.utf8(large))));
            assertThat(whole.body()).isEqualTo(large);
            List<String> parts = List.of(large.substring(0, 100_000), large.substring(100_000));
            Feed feed = new Feed(rig.loop, parts, Headers.EMPTY);
            Result streamed = rig.ask(Rig.request("POST", "/s", new Body.Live(feed, large.length())));
            assertThat(streamed.body()).isEqualTo(large);
            assertThat(origin.requests()).allMatch(request -> request.endsWith(large));
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aReaderThatStopsHoldsTheServerBack() throws Exception {
        int blocks = 4096;
        AtomicInteger sent = new AtomicInteger();
        Script generous = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\n");
            byte[] block = new byte[64 * 1024];
            while (sent.get() < blocks) {
                wire.send(block);
                sent.incrementAndGet();
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(generous, plainTls(server));
                Rig rig = rig(origin, trusting())) {
            CompletableFuture<Source> body = new CompletableFuture<>();
            CompletableFuture<Bytes> first = new CompletableFuture<>();
            rig.loop.execute(() -> rig.upstream
                    .handle(get("/"), rig.exchange((status, headers) -> {}))
                    .thenAccept(response -> body.complete(((Body.Live) response.body()).source())));
            Source source = body.get(20, TimeUnit.SECONDS);
            rig.loop.execute(() -> source.read(new Once(first)));
            assertThat(first.get(20, TimeUnit.SECONDS).length()).isLessThan(1 << 20);
            int seen = -1;
            for (int calm = 0; calm < 50; calm = sent.get() == seen ? calm + 1 : 0) {
                seen = sent.get();
                rig.tick();
            }
            assertThat(seen).as("blocks that the server could send").isLessThan(blocks);
            rig.loop.execute(source::cancel);
            rig.await(stats -> stats.connections() == 0);
        }
    }

    /** Sessions are resumed: the second connection needs no certificate. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSecondConnectionResumesTheSessionOfTheFirst(String version) throws Exception {
        Set<Long> created = ConcurrentHashMap.newKeySet();
        Layer tls = Certificates.tls(server, null, only(version));
        Layer noting = raw -> {
            SSLSocket socket = (SSLSocket) tls.over(raw);
            created.add(socket.getSession().getCreationTime());
            return socket;
        };
        String closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.inTurn(closing), noting);
                Rig rig = rig(origin, trusting())) {
            for (int i = 0; i < 5; i++) {
                assertThat(rig.ask(get("/" + i)).body()).isEqualTo("ok");
                rig.await(stats -> stats.connections() == 0);
            }
            assertThat(origin.connections()).isEqualTo(5);
            assertThat(created).as("sessions").hasSize(1);
        }
    }

    @Test
    void aServerWithoutTlsIsNotSpokenWith() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> wire.send("SSH-2.0-OpenSSH_9.9 and more\r\n"));
                Rig rig = rig(origin, trusting())) {
            Result result = rig.ask(get("/"));
            assertThat(result.failed().kind()).isEqualTo(Kind.TLS_PROTOCOL_ERROR);
            assertThat(result.failed().isUnsent()).isTrue();
        }
    }

    @Test
    void aServerThatDoesNotShakeHandsIsGivenUpInTheTimeForConnecting() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> wire.awaitClose())) {
            Duration wait = Duration.ofSeconds(20);
            UpstreamSettings.Timeouts hasty = new UpstreamSettings.Timeouts(Duration.ofMillis(300), wait, wait, wait);
            try (Rig rig = new Rig(Rig.with(Rig.with(Rig.settings(origin.address()), trusting()), hasty))) {
                Result result = rig.ask(get("/"));
                assertThat(result.failed().kind()).isEqualTo(Kind.CONNECTION_TIMEOUT);
                assertThat(result.failed().isUnsent()).isTrue();
            }
        }
    }

    @Test
    void aServerThatClosesInsteadOfShakingHands() throws Exception {
        Script closes = wire -> wire.read(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(closes);
                Rig rig = rig(origin, trusting())) {
            Result result = rig.ask(post("/", "x"));
            assertThat(result.failed().kind()).isIn(Kind.CONNECTION_TERMINATED, Kind.TLS_PROTOCOL_ERROR);
            assertThat(result.failed().isUnsent()).isTrue();
        }
    }

    /** Takes one chunk of a body and no more. */
    private record Once(CompletableFuture<Bytes> first) implements Source.Sink {
        @Override
        public void chunk(Bytes bytes) {
            first.complete(bytes);
        }

        @Override
        public void end(Headers trailers) {
            first.completeExceptionally(new IOException("ended"));
        }

        @Override
        public void failed(Throwable cause) {
            first.completeExceptionally(cause);
        }
    }
}
