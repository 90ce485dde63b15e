package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Client;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Script;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The octets of the PROXY protocol, from its specification, and that they come first on every connection. */
class ProxyPrefaceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "192.168.0.1, 56324, 192.168.0.11, 443, PROXY TCP4 192.168.0.1 192.168.0.11 56324 443,"
                        + " 2111000cc0a80001c0a8000bdc0401bb",
                "255.255.255.255, 65535, 255.255.255.255, 65535,"
                        + " PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 2111000cffffffffffffffffffffffff",
                "2001:db8::1, 1, ::1, 65535, PROXY TCP6 2001:db8::1 ::1 1 65535,"
                        + " 2121002420010db8000000000000000000000001000000000000000000000000000000010001ffff",
                "192.168.0.1, 1, ::1, 2, PROXY UNKNOWN, 20000000",
                "::1, 1, 10.0.0.1, 2, PROXY UNKNOWN, 20000000",
                "-, 0, 10.0.0.1, 2, PROXY UNKNOWN, 20000000",
                "10.0.0.1, 2, -, 0, PROXY UNKNOWN, 20000000",
            })
    void octets(@Nullable String from, int fromPort, @Nullable String to, int toPort, String line, String binary)
            throws Exception {
        ProxyPreface preface = new ProxyPreface(address(from, fromPort), address(to, toPort));
        assertThat(preface.v1()).asString(StandardCharsets.US_ASCII).isEqualTo(line + "\r\n");
        assertThat(preface.v1().length).as("the specification's limit").isLessThanOrEqualTo(107);
        assertThat(HexFormat.of().formatHex(preface.v2())).isEqualTo(SIGNATURE + binary);
    }

    private static @Nullable InetSocketAddress address(@Nullable String host, int port) throws Exception {
        return host == null ? null : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    static Stream<Arguments> clients() throws Exception {
        SocketAddress v4 = address("10.0.0.9", 8000);
        SocketAddress v6 = address("fd00::9", 8000);
        SocketAddress local = UnixDomainSocketAddress.of("/run/app.sock");
        return Stream.of(
                Arguments.of("192.0.2.7", v4, "TCP4 192.0.2.7 10.0.0.9 4711 8000"),
                Arguments.of("2001:db8::7", v6, "TCP6 2001:db8::7 fd00::9 4711 8000"),
                Arguments.of("192.0.2.7", v6, "TCP4 192.0.2.7 0.0.0.0 4711 443"),
                Arguments.of("2001:db8::7", v4, "TCP6 2001:db8::7 :: 4711 443"),
                Arguments.of("192.0.2.7", local, "TCP4 192.0.2.7 0.0.0.0 4711 443"),
                Arguments.of("unix", local, "UNKNOWN"));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theClientsAddressIsSaidWhateverTheServersIs(String literal, SocketAddress server, String line)
            throws Exception {
        Client client = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), literal, "web", 443);
        assertThat(ProxyPreface.of(client, server).v1())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("PROXY " + line + "\r\n");
    }

    @Test
    void ofAClientWhomATrustedProxyNamesThePortIsNotKnown() throws Exception {
        Client client = new Client(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), "127.0.0.1", "web", 80)
                .withAddress("192.0.2.7");
        assertThat(ProxyPreface.of(client, new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 80))
                        .v1())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("PROXY TCP4 192.0.2.7 10.0.0.9 0 80\r\n");
    }

    @Test
    void itIsNotForHttp2() {
        assertThatThrownBy(() -> new Access(Access.Protocol.HTTP_2, null, Access.Preface.V1))
                .hasMessageContaining("HTTP/2");
    }

    private static Rig.Group said(ScriptedOrigin origin, Access access) {
        Duration wait = Duration.ofSeconds(20);
        return Rig.with(
                Rig.with(Rig.settings(origin.address()), access),
                new UpstreamSettings.Timeouts(wait, wait, wait, wait));
    }

    @Test
    void everyConnectionBeginsWithItAndCarriesOneRequest() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Script script = wire -> {
            lines.add(wire.readUntil("\r\n"));
            while (wire.readRequest()) {
                wire.send(OK);
            }
        };
        Access access = new Access(Access.Protocol.HTTP_1_1, null, Access.Preface.V1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(script);
                Rig rig = new Rig(said(origin, access))) {
            for (int i = 0; i < 3; i++) {
                assertThat(rig.ask(get("/" + i)).body()).isEqualTo("ok");
                rig.await(stats -> stats.connections() == 0);
            }
            assertThat(origin.connections()).isEqualTo(3);
            assertThat(lines).hasSize(3).containsOnly("PROXY TCP4 127.0.0.1 127.0.0.1 1 " + origin.port() + "\r\n");
        }
    }

    @Test
    void itStandsBeforeTls() throws Exception {
        X509Bundle authority = Certificates.authority("ours");
        List<String> prefaces = new CopyOnWriteArrayList<>();
        ScriptedOrigin.Layer tls = Certificates.tls(Certificates.server(authority), null, socket -> {});
        ScriptedOrigin.Layer prefaced = raw -> {
            prefaces.add(HexFormat.of().formatHex(raw.getInputStream().readNBytes(28)));
            return tls.over(raw);
        };
        UpstreamTls trusting = new UpstreamTls(Certificates.trusting(authority), null, null);
        Access access = new Access(Access.Protocol.HTTP_1_1, trusting, Access.Preface.V2);
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(OK), prefaced);
                Rig rig = new Rig(said(origin, access))) {
            assertThat(rig.ask(get("/")).body()).isEqualTo("ok");
            assertThat(prefaces)
                    .containsExactly(SIGNATURE + "2111000c7f0000017f0000010001" + String.format("%04x", origin.port()));
        }
    }

    @Test
    void whoWaitsIsNotGivenAnothersConnection() throws Exception {
        Script script = wire -> {
            wire.readUntil("\r\n");
            while (wire.readRequest()) {
                wire.pause(20);
                wire.send(OK);
            }
        };
        UpstreamSettings.Pool one =
                new UpstreamSettings.Pool(1, 20, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofMinutes(1));
        Access access = new Access(Access.Protocol.HTTP_1_1, null, Access.Preface.V1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(script);
                Rig rig = new Rig(Rig.with(said(origin, access), one))) {
            var all = Stream.of(1, 2, 3, 4, 5)
                    .map(i -> rig.begin(rig.upstream, get("/" + i)))
                    .toList();
            for (var each : all) {
                Rig.Result result = each.get();
                assertThat(result.failure()).isNull();
                assertThat(result.body()).isEqualTo("ok");
            }
            assertThat(origin.connections()).isEqualTo(5);
        }
    }
}
