package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of files that are of no use, and what two readings have in common. */
class TlsFilesTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static X509Bundle self(UnaryOperator<CertificateBuilder> kind) throws Exception {
        return kind.apply(new CertificateBuilder().subject("CN=a").setIsCertificateAuthority(true))
                .buildSelfSigned();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(CertificateBuilder.Algorithm.ecp256, CertificateBuilder.Algorithm.rsa2048)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theSameFilesMeanTheSame(CertificateBuilder.Algorithm kind) throws Exception {
        X509Bundle bundle = self(builder -> builder.algorithm(kind));
        Path ca = file("ca.pem", "a comment\n" + bundle.getCertificatePEM() + bundle.getCertificatePEM());
        Path key = file("key.pem", bundle.getPrivateKeyPEM());
        UpstreamTls one = UpstreamTls.load(ca, true, "app.example", ca, key);
        assertThat(UpstreamTls.load(ca, true, "app.example", ca, key)).isEqualTo(one);
        assertThat(UpstreamTls.load(null, true, "app.example", ca, key)).isNotEqualTo(one);
        assertThat(UpstreamTls.load(ca, false, null, null, null).trust()).isEqualTo(new UpstreamTls.Anything());
        assertThat(one.toString())
                .doesNotContain("BEGIN")
                .doesNotContain(bundle.getPrivateKeyPEM().substring(40, 60));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing here                          | holds no PEM certificate",
                "-----BEGIN CERTIFICATE-----\\nAAAA     | holds a damaged certificate",
            })
    void uselessAuthorities(String text, String said) throws Exception {
        Path ca = file("ca.pem", text.replace("\\n", "\n"));
        assertThatThrownBy(() -> UpstreamTls.load(ca, true, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca.pem: " + said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing here                                | holds no PEM private key",
                "-----BEGIN RSA PRIVATE KEY-----             | convert it with: openssl pkcs8 -topk8 -nocrypt",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----       | the key is encrypted",
                "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | damaged key",
            })
    void uselessKeys(String text, String said) throws Exception {
        Path certificate = file("cert.pem", self(CertificateBuilder::ecp256).getCertificatePEM());
        Path key = file("key.pem", text);
        assertThatThrownBy(() -> UpstreamTls.load(null, true, null, certificate, key))
                .hasMessageContaining("key.pem: ")
                .hasMessageContaining(said);
    }

    @Test
    void aKeyOfAnotherCertificate() throws Exception {
        Path certificate = file("cert.pem", self(CertificateBuilder::ecp256).getCertificatePEM());
        Path alike = file("alike.pem", self(CertificateBuilder::ecp256).getPrivateKeyPEM());
        Path unlike = file("unlike.pem", self(CertificateBuilder::rsa2048).getPrivateKeyPEM());
        assertThatThrownBy(() -> UpstreamTls.load(null, true, null, certificate, alike))
                .hasMessageContaining("alike.pem: is not the key of the first certificate in ");
        assertThatThrownBy(() -> UpstreamTls.load(null, true, null, certificate, unlike))
                .hasMessageContaining("unlike.pem: ");
    }

    @Test
    void whatIsMissing() throws Exception {
        Path certificate = file("cert.pem", self(CertificateBuilder::ecp256).getCertificatePEM());
        assertThatThrownBy(() -> UpstreamTls.load(null, true, null, certificate, null))
                .hasMessageContaining("needs its key");
        assertThatThrownBy(() -> UpstreamTls.load(directory.resolve("none.pem"), true, null, null, null))
                .hasMessageContaining("none.pem: there is no such file");
        assertThatThrownBy(() -> UpstreamTls.load(directory, true, null, null, null))
                .hasMessageContaining("cannot be read");
    }
}
