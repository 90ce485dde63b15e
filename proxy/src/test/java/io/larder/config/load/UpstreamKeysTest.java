package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.Balancing;
import io.larder.config.Balancing.Balance;
import io.larder.config.Balancing.HashBy;
import io.larder.config.Balancing.Sticky;
import io.larder.config.Discovery;
import io.larder.config.Discovery.Dns;
import io.larder.config.Discovery.FromFile;
import io.larder.config.Discovery.Kubernetes;
import io.larder.config.LarderConfig;
import io.larder.config.Members;
import io.larder.config.ServerAddress;
import io.larder.config.UpstreamConfig;
import io.larder.config.UpstreamConfig.Concurrency;
import io.larder.config.Watch;
import io.larder.config.Watch.Health;
import io.larder.config.Watch.Outliers;
import io.larder.config.Watch.Probe;
import io.larder.config.Watch.StatusRange;
import io.larder.config.Wire;
import io.larder.config.Wire.Protocol;
import io.larder.config.Wire.ProxyProtocol;
import io.larder.config.Wire.UpstreamTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamKeysTest {
    private static final String SERVERS = "servers: [\"127.0.0.1:8000\"]";
    private static final UpstreamTls PLAIN_TRUST = new UpstreamTls(null, null, true, null, null);

    @TempDir
    Path directory;

    @Test
    void whatIsNotWrittenIsOff() {
        UpstreamConfig app = listed("");

        assertThat(app.wire().protocol()).isEqualTo(Protocol.HTTP_1_1);
        assertThat(app.wire().tls()).isNull();
        assertThat(app.wire().proxyProtocol()).isEqualTo(ProxyProtocol.OFF);
        assertThat(app.balancing()).isEqualTo(new Balancing(Balance.LEAST_REQUESTS, null, null, Duration.ZERO));
        assertThat(app.watch()).isEqualTo(new Watch(null, null));
        assertThat(app.limits().concurrency()).isEqualTo(Concurrency.OFF);
        assertThat(app.retry().hedgeAfter()).isNull();
        assertThat(app.fallback()).isNull();
    }

    @Test
    void whatIsWrittenWithoutMoreHasItsDefaults() {
        UpstreamConfig app = listed(", sticky: {}, health: {}, outliers: {}, protocol: h2");

        assertThat(app.balancing().sticky()).isEqualTo(new Sticky("larder_node", Duration.ofHours(1), null));
        assertThat(app.watch().health())
                .isEqualTo(new Health(
                        new Probe("/healthz", null, List.of(new StatusRange(200, 399))),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        2,
                        3,
                        0));
        assertThat(app.watch().outliers())
                .isEqualTo(new Outliers(5, null, Duration.ofSeconds(30), Duration.ofMinutes(5), 0.5));
        assertThat(app.wire().tls()).isEqualTo(PLAIN_TRUST);
    }

    @Test
    void readsAllThatMayBeWritten() {
        LarderConfig config = Configs.good(Configs.load(Path.of("src/test/resources/config/good/everything.yaml")));
        UpstreamConfig app = config.upstream("app");

        assertThat(app.wire().protocol()).isEqualTo(Protocol.H2);
        assertThat(app.wire().tls()).isEqualTo(new UpstreamTls(null, "app.internal", true, null, null));
        assertThat(app.wire().proxyProtocol()).isEqualTo(ProxyProtocol.V2);
        assertThat(app.wire().unknownTransferCoding()).isEqualTo(Wire.UnknownCoding.READ_TO_CLOSE);
        assertThat(app.balancing())
                .isEqualTo(new Balancing(
                        Balance.CONSISTENT_HASH,
                        new HashBy.OfHeader("X-Shop"),
                        new Sticky("node", Duration.ofHours(2), null),
                        Duration.ofSeconds(30)));
        assertThat(app.watch())
                .isEqualTo(new Watch(
                        new Health(
                                new Probe(
                                        "/up?full=1",
                                        "up.internal",
                                        List.of(
                                                new StatusRange(200, 200),
                                                new StatusRange(204, 204),
                                                new StatusRange(300, 399))),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(500),
                                1,
                                2,
                                0.25),
                        new Outliers(7, 0.625, Duration.ofSeconds(10), Duration.ofMinutes(1), 0.34)));
        assertThat(app.limits().concurrency()).isEqualTo(Concurrency.ADAPTIVE);
        assertThat(app.retry().hedgeAfter()).isEqualTo(Duration.ofMillis(80));
        assertThat(app.fallback()).isEqualTo("standby");
        assertThat(Configs.servers(config.upstream("other")).get(0).address())
                .isEqualTo(new ServerAddress.Unix(Path.of("/run/other.sock")))
                .hasToString("unix:/run/other.sock");
    }

    static Stream<Arguments> parts() {
        return Stream.of(
                Arguments.of("path", new HashBy.OfPath()),
                Arguments.of("client-ip", new HashBy.OfClientIp()),
                Arguments.of("header:X-Shop", new HashBy.OfHeader("X-Shop")),
                Arguments.of("cookie:cart", new HashBy.OfCookie("cart")),
                Arguments.of("query:a b", new HashBy.OfQuery("a b")));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void hashesByAPartOfTheRequest(String written, HashBy by) {
        LarderConfig config = load(", balance: consistent-hash, hash-by: \"" + written + "\"");

        assertThat(config.upstream("app").balancing().hashBy()).isEqualTo(by);
        assertThat(EffectiveConfig.render(config)).contains("hash-by: " + written + "\n");
    }

    @Test
    void hashesByThePathWhereNothingIsWritten() {
        assertThat(listed(", balance: consistent-hash").balancing().hashBy()).isEqualTo(new HashBy.OfPath());
    }

    @Test
    void serversAreFoundByName() {
        assertThat(discovery("dns: \"App.internal:8000\""))
                .isEqualTo(new Dns("app.internal", 8000, Duration.ofSeconds(30)));
        assertThat(discovery("dns: \"app.internal.:8000\", refresh: 5s"))
                .isEqualTo(new Dns("app.internal.", 8000, Duration.ofSeconds(5)));
        assertThat(discovery("dns: _http._tcp.app.internal., refresh: 1m"))
                .isEqualTo(new Dns("_http._tcp.app.internal.", null, Duration.ofMinutes(1)));
    }

    @Test
    void serversAreFoundInAClusterOrAFile() {
        Path file = Configs.write(directory.resolve("servers.txt"), "127.0.0.1:8000\n");

        assertThat(discovery("kubernetes: \"shop/app:http\"")).isEqualTo(new Kubernetes("shop", "app", "http"));
        assertThat(discovery("kubernetes: \"shop/app:8000\"")).isEqualTo(new Kubernetes("shop", "app", "8000"));
        assertThat(discovery("file: servers.txt")).isEqualTo(new FromFile(file));
    }

    @Test
    void filesAreRelativeAndLookedAt() throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path cert = Configs.write(directory.resolve("tls/app.crt"), bundle.getCertificatePathPEM());
        Path key = Configs.write(directory.resolve("tls/app.key"), bundle.getPrivateKeyPEM());
        Path secret = Configs.write(directory.resolve("secrets/node"), "0123456789abcdef\n");
        String tls = ", protocol: https, tls: { ca: tls/app.crt, server-name: App.Internal, cert: tls/app.crt";

        LarderConfig config = load(tls + ", key: tls/app.key }, sticky: { key-file: secrets/node }");

        UpstreamConfig app = config.upstream("app");
        assertThat(app.wire().tls()).isEqualTo(new UpstreamTls(cert, "app.internal", true, cert, key));
        Sticky sticky = Objects.requireNonNull(app.balancing().sticky());
        assertThat(sticky.keyFile()).isEqualTo(secret);
        String shown = EffectiveConfig.render(config);
        assertThat(shown).doesNotContain("0123456789abcdef");
        assertThat(Configs.good(Configs.load(main(shown))).upstreams()).isEqualTo(config.upstreams());
        assertThat(Configs.errors(Configs.load(main(with(SERVERS + tls + " }")))))
                .containsExactly("'cert' and 'key' belong together: one is missing");
    }

    private LarderConfig load(String keys) {
        return Configs.good(Configs.load(main(with(SERVERS + keys))));
    }

    private UpstreamConfig listed(String keys) {
        return load(keys).upstream("app");
    }

    private Discovery discovery(String keys) {
        UpstreamConfig app = Configs.good(Configs.load(main(with("discover: { " + keys + " }"))))
                .upstream("app");
        assertThat(app.members()).isInstanceOf(Members.Discovered.class);
        return ((Members.Discovered) app.members()).by();
    }

    private static String with(String keys) {
        return Configs.SMALLEST.replace(SERVERS, keys);
    }

    private Path main(String text) {
        return Configs.write(directory.resolve("larder.yaml"), text);
    }
}
