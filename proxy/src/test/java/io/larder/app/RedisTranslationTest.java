package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.Loaded;
import io.larder.config.RedisConfig;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.Problems;
import io.larder.store.redis.RedisSettings;
import io.larder.store.redis.RedisSettings.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisTranslationTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"redis://a/3\"                          | Single[address=Address[host=a, port=6379], database=3]       | false",
                "\"rediss://[::1]:7\"                     | Single[address=Address[host=::1, port=7], database=0]        | true",
                "\"redis-sentinel://a,b:1/2#main\"        | Watched[sentinels=[Address[host=a, port=26379], Address[host=b, port=1]], primary=main, database=2] | false",
                "[\"rediss://a:1\", \"rediss://b:2\"]     | Cluster[seeds=[Address[host=a, port=1], Address[host=b, port=2]]] | true",
                "[\"redis://a\"]                          | Cluster[seeds=[Address[host=a, port=6379]]]                  | false",
            })
    void serversAreMeantAsWritten(String uri, String servers, boolean secure) throws Exception {
        RedisSettings settings = RedisTranslation.settings(redis("uri: " + uri + ", timeout: 20ms"));

        assertThat(settings.servers()).hasToString(servers);
        assertThat(settings.tls() != null).isEqualTo(secure);
        assertThat(settings.login()).isNull();
        assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void aPasswordIsReadAnewEachTimeItIsAskedFor() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "one\n");
        RedisConfig config = redis("uri: \"redis://a\", username: larder, password-file: secret");
        Login login = Objects.requireNonNull(RedisTranslation.settings(config).login());

        assertThat(login.user()).isEqualTo("larder");
        assertThat(login.password().get()).isEqualTo("one");
        Files.writeString(file, "two");
        assertThat(login.password().get()).isEqualTo("two");
        Files.delete(file);
        assertThat(login.password().get()).isEqualTo("two");
        assertThatThrownBy(() -> RedisTranslation.settings(config)).isInstanceOf(StartFailure.class);
    }

    @Test
    void aPasswordMayStandInTheUri() throws Exception {
        Login login = Objects.requireNonNull(
                RedisTranslation.settings(redis("uri: \"redis://me:p%40w@a\"")).login());

        assertThat(login.user()).isEqualTo("me");
        assertThat(login.password().get()).isEqualTo("p@w");
    }

    private RedisConfig redis(String keys) throws Exception {
        Path file = Files.writeString(directory.resolve("larder.yaml"), """
                listeners: { web: { bind: "127.0.0.1:0" } }
                upstreams: { app: { servers: ["127.0.0.1:9"] } }
                sites: { default: { upstream: app } }
                cache: { redis: { %s } }
                """.formatted(keys));
        return switch (ConfigLoader.load(file, name -> null)) {
            case Loaded.Good good ->
                Objects.requireNonNull(good.config().cache().redis());
            case Loaded.Bad bad -> throw new AssertionError(Problems.text(bad.problems()));
        };
    }
}
