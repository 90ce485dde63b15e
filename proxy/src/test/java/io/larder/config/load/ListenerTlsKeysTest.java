package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.ListenerConfig;
import io.larder.config.Loaded;
import io.larder.config.source.Problem;
import io.larder.testing.Pki;
import io.larder.testing.Staple;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of the files that a listener's TLS is made of, before anybody connects. */
class ListenerTlsKeysTest {
    private static final String PAIR = "{ cert: shop.crt, key: shop.key }";

    private static X509Bundle authority;
    private static X509Bundle shop;
    private static X509Bundle other;
    private static X509Bundle expired;

    @TempDir
    Path directory;

    @BeforeAll
    static void certify() throws Exception {
        authority = Pki.authority("The tests");
        shop = Pki.server(authority, "shop.test", "*.shop.test");
        other = Pki.server(authority, "other.test", "shop.test");
        expired = Pki.expired(authority, "old.test");
    }

    @BeforeEach
    void write() {
        Pki.write(directory, "shop", shop);
        Pki.write(directory, "other", other);
        Pki.write(directory, "old", expired);
    }

    private Loaded load(String certificates, String more) throws IOException {
        Path file = Files.writeString(directory.resolve("larder.yaml"), """
                listeners:
                  secure:
                    bind: ":8443"
                    tls: { certificates: [%s]%s }
                upstreams: { app: { servers: ["127.0.0.1:8000"] } }
                sites: { default: { upstream: app } }
                """.formatted(certificates, more));
        return ConfigLoader.load(file, name -> null);
    }

    private static List<Problem> problems(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good good -> good.warnings();
            case Loaded.Bad bad -> bad.problems();
        };
    }

    @Test
    void whatIsInOrderIsTaken() throws IOException {
        Loaded loaded =
                load(PAIR + ", { cert: other.crt, key: other.key }", ", min-version: TLSv1.3, client-ca: shop.crt");
        assertThat(loaded).isInstanceOf(Loaded.Good.class);
        ListenerConfig.Tls tls = Objects.requireNonNull(
                ((Loaded.Good) loaded).config().listener("secure").tls());
        assertThat(tls.certificates())
                .containsExactly(
                        new ListenerConfig.Certificate(directory.resolve("shop.crt"), directory.resolve("shop.key")),
                        new ListenerConfig.Certificate(directory.resolve("other.crt"), directory.resolve("other.key")));
        assertThat(tls.minVersion()).isEqualTo(ListenerConfig.TlsVersion.TLS_1_3);
        assertThat(tls.clientCa()).isEqualTo(directory.resolve("shop.crt"));
        assertThat(problems(loaded))
                .extracting(Problem::message)
                .singleElement()
                .satisfies(
                        said -> assertThat(said).contains("other.crt is for shop.test too", "shop.crt comes before"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ cert: shop.crt, key: other.key }   | ERROR   | the key in DIR/other.key is not that of the first certificate in DIR/shop.crt",
                "{ cert: shop.crt, key: locked.key }  | ERROR   | locked.key holds an encrypted key",
                "{ cert: shop.crt, key: old-form.key }| ERROR   | old-form.key holds no key in PEM and PKCS#8",
                "{ cert: shop.crt, key: none.key }    | ERROR   | none.key does not exist",
                "{ cert: shop.key, key: shop.key }    | ERROR   | shop.key holds no certificate in PEM",
                "{ cert: stapled.crt, key: shop.key } | ERROR   | stapled.crt.ocsp holds no OCSP response in DER",
                "{ cert: shop.crt, key: rsa.key }     | ERROR   | holds a damaged key, or one of another kind than the certificate's EC",
                "{ cert: old.crt, key: old.key }      | WARNING | the certificate in DIR/old.crt has expired",
                "{ cert: shop.crt, key: open.key }    | WARNING | everybody on this machine can read the secret in DIR/open.key",
                "{ cert: renewed.crt, key: shop.key } | WARNING | renewed.crt.ocsp says is about another certificate than",
                "{ cert: bare.crt, key: bare.key }    | WARNING | is for no host: it has no subject alternative name",
            })
    void whatIsNotIsSaid(String pair, Problem.Severity severity, String message) throws Exception {
        Files.writeString(
                directory.resolve("locked.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Files.writeString(
                directory.resolve("old-form.key"),
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        Files.writeString(directory.resolve("stapled.crt"), shop.getCertificatePathPEM());
        Files.writeString(directory.resolve("stapled.crt.ocsp"), "nothing of the kind");
        Files.writeString(directory.resolve("renewed.crt"), shop.getCertificatePathPEM());
        Instant now = Instant.now();
        Files.write(directory.resolve("renewed.crt.ocsp"), Staple.good(authority, other, now, now.plusSeconds(3600)));
        Path open = Files.writeString(directory.resolve("open.key"), shop.getPrivateKeyPEM());
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Pki.write(directory, "bare", new CertificateBuilder().subject("CN=bare").buildIssuedBy(authority));
        Pki.write(
                directory,
                "rsa",
                new CertificateBuilder().subject("CN=rsa").rsa2048().buildIssuedBy(authority));

        List<Problem> problems = problems(load(pair, ""));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(severity);
            assertThat(problem.message()).contains(message.replace("DIR", directory.toString()));
            assertThat(problem.place().toString()).contains("larder.yaml:4:");
        });
    }

    @Test
    void allFilesAreLookedAtAgainWhenTheyChange() throws IOException {
        Path file = directory.resolve("larder.yaml");
        load(PAIR, ", client-ca: other.crt");
        assertThat(ConfigLoader.read(file, name -> null).sources().files())
                .containsKeys(
                        directory.resolve("shop.crt"),
                        directory.resolve("shop.key"),
                        directory.resolve("shop.crt.ocsp"),
                        directory.resolve("other.crt"));
    }
}
