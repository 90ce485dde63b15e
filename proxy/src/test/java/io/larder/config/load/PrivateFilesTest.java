package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.Loaded;
import io.larder.config.source.Problem;
import io.larder.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with secrets that everybody on the machine can read. */
class PrivateFilesTest {
    private static final String NAMES =
            "ann:$pbkdf2-sha256$i=600000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";

    private static X509Bundle bundle;

    @TempDir
    Path directory;

    @BeforeAll
    static void certify() throws Exception {
        bundle = Pki.server(Pki.authority("The tests"), "shop", "shop.test");
    }

    @BeforeEach
    void write() throws IOException {
        Pki.write(directory, "shop", bundle);
        put("shop.key", Files.readString(directory.resolve("shop.key")), "rw-r-----");
    }

    private void put(String name, String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private List<Problem> warnings(String key) throws IOException {
        String listener =
                "listeners: { web: { bind: ':8080', tls: { certificates: [{ cert: shop.crt, key: shop.key }] } } }";
        List<String> usual = List.of(
                listener,
                "upstreams: { app: { servers: ['127.0.0.1:8000'] } }",
                "sites: { default: { upstream: app } }");
        StringBuilder text = new StringBuilder(key).append('\n');
        usual.stream()
                .filter(line -> !key.startsWith(line.substring(0, line.indexOf(':') + 1)))
                .forEach(line -> text.append(line).append('\n'));
        Path file = Files.writeString(directory.resolve("larder.yaml"), text);
        Loaded loaded = ConfigLoader.load(file, name -> null);
        return switch (loaded) {
            case Loaded.Good good -> good.warnings();
            case Loaded.Bad bad -> throw new AssertionError(Problems.text(bad.problems()));
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin.token-file | admin: { token-file: FILE }",
                "sites.default.auth.basic.file | sites: { default: { upstream: app, auth: { basic: { file: FILE } } } }",
                "sites.default.routes[0].auth.basic.file | sites: { default: { upstream: app, routes: [{ path: /**, auth: { basic: { file: FILE } } }] } }",
                "upstreams.app.sticky.key-file | upstreams: { app: { servers: ['127.0.0.1:8000'], sticky: { cookie: node, key-file: FILE } } }",
                "upstreams.app.tls.key | upstreams: { app: { servers: ['127.0.0.1:8000'], protocol: https, tls: { cert: shop.crt, key: FILE } } }",
                "listeners.web.tls.certificates[0].key | listeners: { web: { bind: ':8443', tls: { certificates: [{ cert: shop.crt, key: FILE }] } } }",
                "cache.redis.password-file | cache: { redis: { uri: 'redis://127.0.0.1', password-file: FILE } }",
                "cache.redis.tls.key | cache: { redis: { uri: 'rediss://127.0.0.1', tls: { cert: shop.crt, key: FILE } } }",
            })
    void areWarnedOf(String where, String key) throws IOException {
        String content = where.endsWith(".key") ? bundle.getPrivateKeyPEM() : NAMES;
        put("open", content, "rw-r--r--");
        put("kept", content, "rw-r-----");

        assertThat(warnings(key.replace("FILE", "kept"))).isEmpty();
        assertThat(warnings(key.replace("FILE", "open"))).singleElement().satisfies(odd -> {
            Path open = directory.resolve("open");
            assertThat(odd.message()).isEqualTo(where + ": everybody on this machine can read the secret in " + open);
            assertThat(odd.suggestion()).isEqualTo("chmod o= " + open);
            assertThat(odd.place().toString()).contains("larder.yaml:1:");
        });
    }
}
