package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.RedisConfig;
import io.larder.config.RedisConfig.Identity;
import io.larder.config.RedisConfig.Lag;
import io.larder.config.RedisConfig.Limits;
import io.larder.config.RedisConfig.Login;
import io.larder.config.RedisConfig.Tls;
import io.larder.config.RedisConfig.WhenLagging;
import io.larder.config.RedisUri;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisKeysTest {
    @TempDir
    Path directory;

    @Test
    void aUriIsEnough() {
        RedisConfig redis = redis("uri: \"redis://cache.example\"");

        assertThat(redis.servers()).isInstanceOf(RedisConfig.Servers.One.class);
        assertThat(redis.login()).isEqualTo(new Login(null, null));
        assertThat(redis.tls()).isNull();
        assertThat(redis.identity()).isEqualTo(new Identity("larder", null));
        assertThat(redis.limits()).isEqualTo(new Limits(Duration.ofMillis(50), 4 << 20));
        assertThat(redis.lag()).isEqualTo(new Lag(Duration.ofSeconds(5), WhenLagging.REVALIDATE));
    }

    @Test
    void nothingWrittenIsNoRedis() {
        assertThat(Configs.good(Configs.load(main(Configs.SMALLEST))).cache().redis())
                .isNull();
    }

    @Test
    void filesAreRelativeAndLookedAt() throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path cert = Configs.write(directory.resolve("tls/redis.crt"), bundle.getCertificatePathPEM());
        Path key = Configs.write(directory.resolve("tls/redis.key"), bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path password = Configs.write(directory.resolve("secrets/redis"), "s3cr3t\n");

        LarderConfig config = Configs.good(
                Configs.load(
                        main(
                                with(
                                        "uri: \"rediss://cache.example\", username: shop,"
                                                + " password-file: secrets/redis, tls: { ca: tls/redis.crt, cert: tls/redis.crt, key: tls/redis.key }"))));

        RedisConfig redis = Objects.requireNonNull(config.cache().redis());
        assertThat(redis.tls()).isEqualTo(new Tls(cert, true, cert, key));
        assertThat(redis.login()).isEqualTo(new Login("shop", password));
        String shown = EffectiveConfig.render(config);
        assertThat(shown).doesNotContain("s3cr3t");
        assertThat(Configs.good(Configs.load(main(shown))).cache()).isEqualTo(config.cache());
        assertThat(Configs.errors(Configs.load(main(with("uri: \"rediss://x\", tls: { cert: tls/redis.crt }")))))
                .containsExactly("'cert' and 'key' belong together: one is missing");
        assertThat(Configs.errors(Configs.load(main(with("uri: \"rediss://x\", tls: { key: tls/redis.key }")))))
                .containsExactly("'cert' and 'key' belong together: one is missing");
    }

    @Test
    void aListIsACluster() {
        RedisConfig redis = redis("uri: [\"redis://:${PW}@one\", \"redis://:${PW}@two:7000\"]");

        assertThat(redis.servers()).isInstanceOf(RedisConfig.Servers.Cluster.class);
        List<RedisUri> uris = redis.servers().uris();
        assertThat(uris).extracting(RedisUri::shown).containsExactly("redis://:${PW}@one", "redis://:${PW}@two:7000");
        assertThat(uris)
                .extracting(uri -> Objects.requireNonNull(uri.password()).value())
                .containsOnly("p:w@");
    }

    private RedisConfig redis(String keys) {
        LarderConfig config =
                Configs.good(ConfigLoader.load(main(with(keys)), name -> name.equals("PW") ? "p%3Aw@" : null));
        return Objects.requireNonNull(config.cache().redis());
    }

    private static String with(String keys) {
        return Configs.SMALLEST + "cache: { redis: { " + keys + " } }\n";
    }

    private Path main(String text) {
        return Configs.write(directory.resolve("larder.yaml"), text);
    }
}
