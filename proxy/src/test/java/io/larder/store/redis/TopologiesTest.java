package io.larder.store.redis;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.store.redis.RedisRig.bytes;
import static io.larder.store.redis.RedisRig.failure;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Identity;
import io.larder.store.redis.RedisSettings.Login;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.store.redis.RedisSettings.Tls;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of servers, with real ones. */
class TopologiesTest {
    @TempDir
    private Path directory;

    @Test
    void oneServer() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port()).awaitUp()) {
            RoundTrips.check(rig.link, "t");
            assertThat(rig.reports).containsExactly("up");
        }
    }

    @Test
    void aDatabaseAndAPassword() throws Exception {
        try (RedisServer server = RedisServer.withPassword("right");
                RedisRig rig = RedisRig.of(
                                new Servers.Single(new Address("127.0.0.1", server.port()), 3),
                                new Login(null, () -> "right"),
                                null)
                        .awaitUp()) {
            RoundTrips.check(rig.link, "t");
            assertThat(server.ask("INFO", "keyspace")).contains("db3:").doesNotContain("db0:");
        }
    }

    @Test
    void anAclUserWithNoMoreThanItNeeds() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            server.ask(
                    "ACL",
                    "SETUSER",
                    "larder",
                    "on",
                    ">right",
                    "~{t}:*",
                    "resetchannels",
                    "&t:*",
                    "+@read",
                    "+@write",
                    "+@pubsub",
                    "+@scripting",
                    "+time",
                    "+hello",
                    "+exists",
                    "-@dangerous");
            try (RedisRig rig = RedisRig.of(RedisRig.single(server.port()), new Login("larder", () -> "right"), null)
                    .awaitUp()) {
                RoundTrips.check(rig.link, "t");
                assertThat(failure(rig.link.get("other")).detail()).startsWith("NOPERM");
            }
        }
    }

    @Test
    void tlsWithCertificatesOnBothSides() throws Exception {
        Pem own = Pem.of("localhost", directory);
        Pem strange = Pem.of("strange", directory);
        int port = RedisServer.freePort();
        Servers servers = RedisRig.single(port);
        Identity identity = new Identity(own.cert, own.key);
        try (RedisServer server = RedisServer.start(
                "--tls-port",
                port + "",
                "--tls-auth-clients",
                "yes",
                "--tls-ca-cert-file",
                own.cert.toString(),
                "--tls-cert-file",
                own.cert.toString(),
                "--tls-key-file",
                own.key.toString())) {
            assertThat(server.ask("PING")).isEqualTo("PONG");
            try (RedisRig rig = RedisRig.of(servers, null, new Tls(own.cert, true, identity))
                    .awaitUp()) {
                RoundTrips.check(rig.link, "t");
            }
            try (RedisRig rig = RedisRig.of(servers, null, new Tls(strange.cert, false, identity))
                    .awaitUp()) {
                assertThat(answer(rig.link.get("k"))).isEmpty();
            }
            try (RedisRig rig = RedisRig.of(servers, null, new Tls(strange.cert, true, identity))) {
                eventually("a report", () -> !rig.reports.isEmpty());
                assertThat(rig.reports.peek()).contains("certif");
                assertThat(rig.link.isUp()).isFalse();
            }
            try (RedisRig rig = RedisRig.of(servers, null, new Tls(own.cert, true, null))) {
                eventually("a report", () -> !rig.reports.isEmpty());
                assertThat(rig.link.isUp()).isFalse();
            }
        }
    }

    @Test
    void sentinelsAndTwoFailovers() throws Exception {
        try (RedisSentinels sentinels = new RedisSentinels()) {
            Servers servers = new Servers.Watched(RedisRig.addresses(sentinels.ports()), "primary", 0);
            try (RedisRig rig = RedisRig.of(servers, null, null).awaitUp()) {
                RoundTrips.check(rig.link, "t");

                RedisServer first = sentinels.primary();
                sentinels.failOver(); // the old primary runs on, and takes no more writes
                eventually("another primary", () -> sentinels.primary() != first);
                RedisServer second = sentinels.primary();
                eventually(
                        "writes there",
                        () -> rig.answersSet("after-1")
                                && second.ask("GET", "after-1").equals("v"));
                eventually(
                        "the stream there",
                        () -> answer(rig.link.xread("{t}:log", "0", 1, Duration.ofMillis(5)))
                                        .size()
                                == 1);

                eventually(
                        "a replica again",
                        () -> first.ask("INFO", "replication").contains("master_link_status:up"));
                second.kill();
                eventually(
                        "writes again",
                        () -> rig.answersSet("after-2")
                                && first.ask("GET", "after-2").equals("v"));
            }
        }
    }

    @Test
    void aCluster() throws Exception {
        try (RedisCluster cluster = new RedisCluster()) {
            List<Integer> ports =
                    cluster.nodes().stream().map(RedisServer::port).toList();
            Servers servers = new Servers.Cluster(RedisRig.addresses(ports.subList(0, 2)));
            try (RedisRig rig = RedisRig.of(servers, null, null).awaitUp()) {
                RoundTrips.check(rig.link, "t");
                RoundTrips.check(rig.link, "another-tag");

                List<CompletionStage<Void>> writes = IntStream.range(0, 300)
                        .mapToObj(i -> rig.link.set("key-" + i, bytes("v" + i), Duration.ofMinutes(1)))
                        .toList();
                for (CompletionStage<Void> write : writes) {
                    answer(write);
                }
                for (int i = 0; i < 300; i++) {
                    assertThat(answer(rig.link.get("key-" + i)).orElseThrow()).isEqualTo(bytes("v" + i));
                }
                assertThat(cluster.nodes())
                        .allSatisfy(node ->
                                assertThat(Integer.parseInt(node.ask("DBSIZE"))).isGreaterThan(50));

                cluster.nodes().get(2).restartEmpty(); // it keeps its slots, and loses its keys
                eventually("all slots again", () -> IntStream.range(0, 30).allMatch(i -> rig.answersSet("key-" + i)));
                assertThat(rig.reports).containsExactly("up");
            }
        }
    }

    /** A certificate that vouches for itself, in files. */
    private record Pem(Path cert, Path key) {
        static Pem of(String name, Path directory) throws Exception {
            X509Bundle bundle = new CertificateBuilder()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .addSanDnsName(name)
                    .addSanIpAddress("127.0.0.1")
                    .buildSelfSigned();
            return new Pem(
                    Files.writeString(directory.resolve(name + ".crt"), bundle.getCertificatePathPEM()),
                    Files.writeString(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM()));
        }
    }
}
