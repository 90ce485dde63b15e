package io.larder.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.Pki;
import io.larder.testing.Staple;
import io.netty.pkitesting.X509Bundle;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 6960 §4.2.1. */
class OcspResponseTest {
    private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-08T12:30:01Z");

    @Test
    void saysOfWhatForHowLong() throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        X509Bundle shop = Pki.server(authority, "shop.test");
        var serial = shop.getCertificate().getSerialNumber();

        OcspResponse good = OcspResponse.parse(Staple.good(authority, shop, FROM, UNTIL));
        assertThat(good).isEqualTo(new OcspResponse(serial, true, FROM, UNTIL));
        assertThat(good.isCurrent(UNTIL.minusSeconds(1))).isTrue();
        assertThat(good.isCurrent(UNTIL)).isFalse();
        assertThat(OcspResponse.parse(Staple.revoked(authority, shop, FROM, UNTIL)))
                .isEqualTo(new OcspResponse(serial, false, FROM, UNTIL));
    }

    /** Whatever a file holds: a value, or {@link Unusable}, and nothing else. */
    @Test
    void takesNothingElse() throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        byte[] good = Staple.good(authority, Pki.server(authority, "shop.test"), FROM, UNTIL);
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int n = random.nextInt(4); n > 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(Math.min(damaged.length, 120))] = (byte) random.nextInt();
            }
            try {
                assertThat(OcspResponse.parse(damaged).from()).isNotNull();
            } catch (Unusable said) {
                assertThat(said.message()).contains("OCSP response");
            }
        }
        assertThatThrownBy(() -> OcspResponse.parse(new byte[] {0x30, 3, 0x0a, 1, 6}))
                .isInstanceOf(Unusable.class)
                .hasMessage("holds an OCSP response that says nothing: its status is 6");
        assertThatThrownBy(() -> OcspResponse.parse(new byte[1 << 20])).isInstanceOf(Unusable.class);
    }
}
