package io.larder.pki;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an authority said of one certificate (RFC 6960 §4.2.1), as far as it matters to whoever passes it on: its signature
 * is for clients to judge. A value.
 *
 * @param serial of the certificate
 * @param good false where it is revoked or unknown
 * @param from when it was so
 * @param until when something newer will be there; null: at any time
 */
public record OcspResponse(
        BigInteger serial,
        boolean good,
        Instant from,
        @Nullable Instant until) {
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);
    private static final int MOST_BYTES = 64 * 1024;

    /** Whether it is about {@code certificate}. */
    public boolean isOf(X509Certificate certificate) {
        return serial.equals(certificate.getSerialNumber());
    }

    /** Whether it may be passed on at {@code now}. Clients refuse what is outdated. */
    public boolean isCurrent(Instant now) {
        return until == null || now.isBefore(until);
    }

    /** Reads the first answer in {@code der}. */
    public static OcspResponse parse(byte[] der) throws Unusable {
        if (der.length > MOST_BYTES) {
            throw new Unusable("is too long for an OCSP response");
        }
        try {
            return single(responses(new Der(der)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException damaged) {
            throw new Unusable("holds no OCSP response in DER", damaged);
        }
    }

    /** The SEQUENCE OF SingleResponse in ResponseData. */
    private static Der responses(Der file) throws Unusable {
        Der response = file.enter(Der.SEQUENCE);
        int status = response.enter(Der.ENUMERATED).octet();
        if (status != 0) {
            throw new Unusable("holds an OCSP response that says nothing: its status is " + status);
        }
        Der typed = response.enter(Der.CONTEXT).enter(Der.SEQUENCE);
        typed.enter(Der.OBJECT_IDENTIFIER);
        Der data = typed.enter(Der.OCTET_STRING).enter(Der.SEQUENCE).enter(Der.SEQUENCE);
        if (data.is(Der.CONTEXT)) {
            data.enter(Der.CONTEXT); // the version, where it is not the first
        }
        data.enter(data.tag()); // who says it
        data.enter(Der.GENERALIZED_TIME);
        return data.enter(Der.SEQUENCE);
    }

    private static OcspResponse single(Der responses) {
        Der single = responses.enter(Der.SEQUENCE);
        Der id = single.enter(Der.SEQUENCE);
        id.enter(Der.SEQUENCE); // the algorithm of …
        id.enter(Der.OCTET_STRING); // … the issuer's name
        id.enter(Der.OCTET_STRING); // … and of its key
        BigInteger serial = new BigInteger(id.enter(Der.INTEGER).rest());
        boolean good = single.is(Der.CONTEXT_PRIMITIVE);
        single.enter(single.tag());
        Instant from = time(single.enter(Der.GENERALIZED_TIME));
        Instant until = single.hasMore() && single.is(Der.CONTEXT)
                ? time(single.enter(Der.CONTEXT).enter(Der.GENERALIZED_TIME))
                : null;
        return new OcspResponse(serial, good, from, until);
    }

    private static Instant time(Der text) {
        return LocalDateTime.parse(text.text(), GENERALIZED_TIME).toInstant(ZoneOffset.UTC);
    }
}
