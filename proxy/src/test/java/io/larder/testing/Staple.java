package io.larder.testing;

import io.netty.pkitesting.X509Bundle;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What an authority says of its certificates (RFC 6960). */
public final class Staple {
    private Staple() {}

    public static byte[] good(X509Bundle authority, X509Bundle certificate, Instant from, Instant until)
            throws Exception {
        return response(authority, certificate, CertificateStatus.GOOD, from, until);
    }

    public static byte[] revoked(X509Bundle authority, X509Bundle certificate, Instant from, Instant until)
            throws Exception {
        return response(authority, certificate, new RevokedStatus(Date.from(from), 1), from, until);
    }

    private static byte[] response(
            X509Bundle authority, X509Bundle certificate, CertificateStatus status, Instant from, Instant until)
            throws Exception {
        X509Certificate issuer = authority.getCertificate();
        BigInteger serial = certificate.getCertificate().getSerialNumber();
        DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
        CertificateID id = new CertificateID(sha1, new X509CertificateHolder(issuer.getEncoded()), serial);
        var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                .build(authority.getKeyPair().getPrivate());
        var basic = new BasicOCSPRespBuilder(
                        SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded()), sha1)
                .addResponse(id, status, Date.from(from), Date.from(until))
                .build(signer, null, Date.from(from));
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
    }
}
