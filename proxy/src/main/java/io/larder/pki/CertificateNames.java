package io.larder.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** For which hosts a certificate is. The subject's common name is no host's name any more (RFC 9525 §2). */
public final class CertificateNames {
    private static final int DNS = 2; // the tag of dNSName in GeneralName (RFC 5280 §4.2.1.6)
    private static final int IP = 7;

    private CertificateNames() {}

    /** The DNS names of {@code certificate}, in lower case, {@code *.example.com} for one label more. */
    public static List<String> dns(X509Certificate certificate) {
        return alternatives(certificate).stream()
                .filter(name -> Integer.valueOf(DNS).equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** Whether it is for any host at all, be it by name or by address. */
    public static boolean hasAny(X509Certificate certificate) {
        return alternatives(certificate).stream()
                .anyMatch(name -> Integer.valueOf(DNS).equals(name.get(0))
                        || Integer.valueOf(IP).equals(name.get(0)));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
