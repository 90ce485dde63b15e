package io.larder.config.keys;

import io.larder.config.ListenerConfig.Certificate;
import io.larder.pki.CertificateNames;
import io.larder.pki.OcspResponse;
import io.larder.pki.Pem;
import io.larder.pki.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Looks into the files of a certificate and its key, so that what cannot be used together is known before it is needed. */
record CertificateCheck(Certificate pair) {
    /** What makes them useless, each a sentence. */
    List<String> faults() {
        try {
            X509Certificate own = own(pair.cert());
            boolean belong = Pem.belongTogether(own.getPublicKey(), Pem.key(text(pair.key()), own.getPublicKey()));
            return belong
                    ? List.of()
                    : List.of("the key in " + pair.key() + " is not that of the first certificate in " + pair.cert());
        } catch (Unusable e) {
            return List.of("the file " + pair.key() + " " + e.message());
        } catch (IOException e) {
            return List.of("the files " + pair.cert() + " and " + pair.key() + " cannot be read");
        }
    }

    /** What is odd about the certificate, each a sentence. */
    List<String> ofCertificate() {
        try {
            X509Certificate own = own(pair.cert());
            own.checkValidity();
            if (!CertificateNames.hasAny(own)) {
                return List.of("the certificate in " + pair.cert()
                        + " is for no host: it has no subject alternative name, and clients refuse it");
            }
            Path staple = StapledCertificate.staple(pair.cert());
            return !Files.exists(staple)
                            || OcspResponse.parse(Files.readAllBytes(staple)).isOf(own)
                    ? List.of()
                    : List.of("what " + staple + " says is about another certificate than " + pair.cert()
                            + ": it is not stapled");
        } catch (CertificateExpiredException e) {
            return List.of("the certificate in " + pair.cert() + " has expired: clients refuse it");
        } catch (CertificateNotYetValidException e) {
            return List.of("the certificate in " + pair.cert() + " is not valid yet: clients refuse it");
        } catch (Unusable | IOException e) {
            return List.of(); // said elsewhere
        }
    }

    /** The DNS names of the first certificate in {@code file}; none where there is none. */
    static List<String> names(Path file) {
        try {
            return CertificateNames.dns(own(file));
        } catch (Unusable | IOException e) {
            return List.of();
        }
    }

    private static X509Certificate own(Path file) throws Unusable, IOException {
        return Pem.certificates(text(file)).get(0);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
