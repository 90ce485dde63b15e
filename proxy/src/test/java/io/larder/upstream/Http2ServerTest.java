package io.larder.upstream;

import static io.larder.testing.Eventually.eventually;
import static io.larder.upstream.Rig.get;
import static io.larder.upstream.Rig.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.netty.Transport;
import io.larder.testing.ScriptedOrigin;
import io.larder.upstream.Rig.Result;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 with and without TLS, with a server that is not ours. */
class Http2ServerTest {
    private static final FieldName PATH = FieldName.of("x-path");

    private static X509Bundle authority;
    private static X509Bundle certificate;

    @BeforeAll
    static void certify() throws Exception {
        authority = Certificates.authority("ours");
        certificate = Certificates.server(authority);
    }

    private static SslContext tls(String protocol) throws Exception {
        return SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
    }

    @SuppressWarnings("try") // it is closed before its time
    @Test
    void itsHealthIsCheckedByHttp2() throws Exception {
        try (Http2Server server = new Http2Server(null, 100);
                Rig rig = new Rig(
                        Rig.with(Rig.with(Rig.settings(server.address()), access(false)), HealthCheckTest.care(0)))) {
            eventually("three checks", () -> server.connections() > 2);
            assertThat(rig.news.all()).as("what was told").isEmpty();
            server.close();
            rig.await(stats -> stats.standing() == Standing.DOWN);
        }
    }

    private static Access access(boolean secure) {
        UpstreamTls tls = secure ? new UpstreamTls(Certificates.trusting(authority), null, null) : null;
        return new Access(Access.Protocol.HTTP_2, tls, Access.Preface.OFF);
    }

    private static Rig.Group group(Http2Server server, boolean secure, int connections) {
        Duration wait = Duration.ofSeconds(30);
        return Rig.with(
                Rig.with(
                        Rig.with(Rig.settings(server.address()), access(secure)),
                        new UpstreamSettings.Timeouts(wait, wait, wait, wait)),
                new UpstreamSettings.Pool(connections, 1000, wait, wait, wait));
    }

    private static Http2Server server(boolean secure, long streams) throws Exception {
        return new Http2Server(secure ? tls("h2") : null, streams);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(Transport.EPOLL, Transport.NIO)
                .flatMap(transport -> Stream.of(true, false).map(secure -> Arguments.of(transport, secure)));
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("kinds")
    void requestsAndContentPass(Transport transport, boolean secure) throws Exception {
        String large = "0123456789abcdef".repeat(128 * 1024);
        try (Http2Server server = server(secure, 50);
                Rig rig = new Rig(group(server, secure, 1), transport)) {
            for (int i = 0; i < 20; i++) {
                Result result = rig.ask(get("/" + i));
                assertThat(result.failure()).isNull();
                assertThat(result.answer().headers().first(PATH)).isEqualTo("/" + i);
                assertThat(rig.ask(post("/p", "body")).body()).isEqualTo("body");
            }
            assertThat(rig.ask(post("/large", large)).body()).isEqualTo(large);
            Feed feed = new Feed(
                    rig.loop, List.of(large.substring(0, 999_999), large.substring(999_999)), Headers.of("X-Sum", "9"));
            Result streamed = rig.ask(Rig.request("POST", "/s", new Body.Live(feed, Body.UNKNOWN)));
            assertThat(streamed.body()).isEqualTo(large);
            assertThat(streamed.trailers()).isEqualTo(Headers.of("x-sum", "9"));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("kinds")
    void manyRequestsAtOnce(Transport transport, boolean secure) throws Exception {
        try (Http2Server server = server(secure, 20);
                Rig rig = new Rig(group(server, secure, 3), transport)) {
            List<CompletableFuture<Result>> all = IntStream.range(0, 600)
                    .mapToObj(i -> rig.begin(rig.upstream, post("/" + i, ("body " + i).repeat(i))))
                    .toList();
            for (int i = 0; i < 600; i++) {
                Result result = all.get(i).get(60, TimeUnit.SECONDS);
                assertThat(result.failure()).isNull();
                assertThat(result.body()).isEqualTo(("body " + i).repeat(i));
            }
            assertThat(server.connections()).isBetween(1, 3);
            ServerStats after = rig.await(stats -> stats.inFlight() == 0);
            assertThat(after.pending()).isZero();
            assertThat(after.idle()).isEqualTo(after.connections());
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of(Arguments.of("of another protocol", "http/1.1"), Arguments.of("of none", null));
    }

    /** Nothing is sent to a server that has not agreed: what it would make of our octets nobody knows. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void aServerThatDoesNotAgreeToHttp2(String name, @Nullable String protocol) throws Exception {
        SslContext tls = protocol == null
                ? SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build()
                : tls(protocol);
        try (Http2Server server = new Http2Server(tls, 10);
                Rig rig = new Rig(group(server, true, 1))) {
            Result result = rig.ask(post("/", "x"));
            assertThat(result.failed().kind()).as(name).isEqualTo(Kind.TLS_PROTOCOL_ERROR);
            assertThat(result.failed().detail()).isEqualTo("the server did not agree to HTTP/2");
            assertThat(result.failed().isUnsent()).isTrue();
            rig.await(stats -> stats.connections() == 0);
        }
    }

    @Test
    void aServerThatRefusesConnectionsIsToldToAllWhoWait() throws Exception {
        int port;
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {})) {
            port = origin.port();
        }
        Duration wait = Duration.ofSeconds(20);
        Rig.Group group = Rig.with(
                Rig.with(Rig.settings(new InetSocketAddress("127.0.0.1", port)), access(false)),
                new UpstreamSettings.Timeouts(wait, wait, wait, wait));
        try (Rig rig = new Rig(group)) {
            List<CompletableFuture<Result>> all = IntStream.range(0, 10)
                    .mapToObj(i -> rig.begin(rig.upstream, get("/" + i)))
                    .toList();
            for (CompletableFuture<Result> each : all) {
                assertThat(each.get(20, TimeUnit.SECONDS).failed().kind()).isEqualTo(Kind.CONNECTION_REFUSED);
                assertThat(each.get().failed().isUnsent()).isTrue();
            }
            ServerStats after = rig.stats();
            assertThat(after.connections()).isZero();
            assertThat(after.pending()).isZero();
        }
    }
}
