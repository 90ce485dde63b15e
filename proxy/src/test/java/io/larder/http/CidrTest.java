package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.168.1.7, 192.168.1.7, true",
        "192.168.1.7, 192.168.1.8, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "255.255.255.255/32, 255.255.255.255, true",
        "::1, ::1, true",
        "::1, ::2, false",
        "::/0, 2001:db8::1, true",
        "::/0, 127.0.0.1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fe80::/65, fe80::7fff:0:0:1, true",
        "fe80::/65, fe80::8000:0:0:1, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.1, 10.0.0.1, true",
    })
    void contains(String block, String address, boolean inside) throws UnknownHostException {
        assertThat(Cidr.parse(block).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0",
                "10.0.0.0.0",
                "10.0.0.256",
                "10.0.0.01",
                "010.0.0.1",
                "1e1.0.0.0",
                " 10.0.0.1",
                "10.0.0.1 ",
                "localhost",
                "::1/129",
                ":",
                ":::",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8:9",
                "12345::",
                "g::",
                "::1.2.3",
                "1.2.3.4::",
                "::ffff:10.0.0.0/95",
                "fe80::1%eth0",
                "[::1]",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void refuses(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "10.1.2.3, 10.1.2.3/32",
        "::1, ::1/128",
        "::/0, ::/0",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7/128",
        "1::, 1::/128",
        "::ffff:1.2.3.0/120, 1.2.3.0/24",
    })
    void isWrittenCanonically(String text, String canonical) {
        assertThat(Cidr.parse(text).orElseThrow()).hasToString(canonical);
    }

    @Test
    void refusesPrefixesOutOfRange() {
        assertThatThrownBy(() -> new Cidr(true, 0, 0, 33)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Cidr(false, 0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Against arithmetic on big integers, and reading back what was written. */
    @Test
    void agreesWithArithmetic() throws UnknownHostException {
        Random random = new Random(20261123);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] block = bytes(random);
            byte[] address = block.clone();
            address[random.nextInt(address.length)] ^= (byte) (1 << random.nextInt(8));
            int bits = block.length * 8;
            int prefix = random.nextInt(bits + 1);
            String text = InetAddress.getByAddress(block).getHostAddress() + "/" + prefix;
            Cidr cidr = Cidr.parse(text).orElseThrow();
            boolean expected = number(block)
                    .shiftRight(bits - prefix)
                    .equals(number(address).shiftRight(bits - prefix));

            assertThat(cidr.contains(InetAddress.getByAddress(address)))
                    .as(text)
                    .isEqualTo(expected);
            assertThat(Cidr.parse(cidr.toString())).contains(cidr);
        }
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        if (bytes.length == 16) {
            // Runs of zero groups exercise "::"; the first byte keeps the address from being an IPv4-mapped one.
            int from = 1 + random.nextInt(15);
            Arrays.fill(bytes, from, from + random.nextInt(16 - from), (byte) 0);
            bytes[0] |= 1;
        }
        return bytes;
    }

    private static BigInteger number(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    @ParameterizedTest(name = "{0} covers {1}: {2}")
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.1.0.0/16, 10.0.0.0/8, false",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, '::ffff:10.1.2.3', true",
        "0.0.0.0/0, '::1', false",
        "'::/0', 10.0.0.1, false",
        "'2001:db8::/32', '2001:db8:1::1', true",
        "'2001:db8::/32', '2001:db9::1', false",
        "'::1', '::1', true",
    })
    void covers(String block, String other, boolean covered) {
        assertThat(Cidr.parse(block).orElseThrow().covers(Cidr.parse(other).orElseThrow()))
                .isEqualTo(covered);
    }
}
