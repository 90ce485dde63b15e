package io.larder.server.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** proxy-protocol.txt of HAProxy 3.0; each row says of which section it is. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final int ROUNDS = 50_000;

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\\r\\n      | 203.0.113.9:56324
            2.1 | PROXY TCP4 255.255.255.255 255.255.255.255 65535 0\\r\\n | 255.255.255.255:65535
            2.1 | PROXY TCP6 2001:db8::9 2001:db8::1 1 443\\r\\n        | 2001:db8:0:0:0:0:0:9:1
            2.1 | PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\\r\\n | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535
            2.1 | PROXY UNKNOWN\\r\\n                                   | peer
            2.1 | PROXY UNKNOWN ffff::1 ffff::2 1 2 and what else\\r\\n | peer
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\\n         | bad
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 56324\\r\\n          | bad
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 56324 443 \\r\\n     | bad
            2.1 | PROXY TCP4  203.0.113.9 192.0.2.1 56324 443\\r\\n     | bad
            2.1 | PROXY TCP4 203.0.113.9 2001:db8::1 56324 443\\r\\n    | bad
            2.1 | PROXY TCP6 203.0.113.9 192.0.2.1 56324 443\\r\\n      | bad
            2.1 | PROXY TCP4 203.0.113.09 192.0.2.1 56324 443\\r\\n     | bad
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 056324 443\\r\\n     | bad
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 65536 443\\r\\n      | bad
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 -1 443\\r\\n         | bad
            2.1 | PROXY TCP4 shop.example 192.0.2.1 1 443\\r\\n         | bad
            2.1 | PROXY UDP4 203.0.113.9 192.0.2.1 56324 443\\r\\n      | bad
            2.1 | PROXY UNKNOWNS\\r\\n                                  | bad
            2.1 | proxy TCP4 203.0.113.9 192.0.2.1 56324 443\\r\\n      | bad
            2.1 | GET / HTTP/1.1\\r\\n                                  | bad
            2.1 | PROXY                                                 | more
            2.1 | PROXY TCP4 203.0.113.9                                | more
            2.1 | PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\\r         | more
            """)
    void versionOne(String section, String line, String expected) {
        String text = line.replace("\\r", "\r").replace("\\n", "\n");
        assertThat(told(text.getBytes(StandardCharsets.ISO_8859_1))).as(section).isEqualTo(expected);
        if (!expected.equals("bad") && !expected.equals("more")) {
            assertThat(ProxyHeader.read((text + "GET /").getBytes(StandardCharsets.ISO_8859_1)))
                    .isInstanceOfSatisfying(
                            ProxyHeader.Whole.class,
                            whole -> assertThat(whole.length()).isEqualTo(text.length()));
        }
    }

    @Test
    void aLineHas107OctetsAtMost() {
        String unknown = "PROXY UNKNOWN ";
        String longest = unknown + "x".repeat(105 - unknown.length()) + "\r\n";
        assertThat(told(longest.getBytes(StandardCharsets.US_ASCII))).isEqualTo("peer");
        String longer = unknown + "x".repeat(106 - unknown.length()) + "\r\n";
        assertThat(told(longer.getBytes(StandardCharsets.US_ASCII))).isEqualTo("bad");
        String endless = unknown + "x".repeat(106 - unknown.length());
        assertThat(told(endless.getBytes(StandardCharsets.US_ASCII))).isEqualTo("more");
        assertThat(told((endless + "x").getBytes(StandardCharsets.US_ASCII))).isEqualTo("bad");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            2.2 | 21 11 000c cb007109 c0000201 dc04 01bb           | 203.0.113.9:56324
            2.2 | 21 21 0024 20010db8000000000000000000000009 20010db8000000000000000000000001 0001 01bb | 2001:db8:0:0:0:0:0:9:1
            2.2.1 TLVs are skipped | 21 11 0013 cb007109 c0000201 dc04 01bb 04000401020304 | 203.0.113.9:56324
            2.2 LOCAL              | 20 00 0000                    | peer
            2.2 LOCAL, addresses are ignored | 20 11 000c cb007109 c0000201 dc04 01bb | peer
            2.2 UNSPEC             | 21 00 0003 040000             | peer
            2.2 AF_UNIX            | 21 31 0002 0000               | peer
            2.2 UDP over IPv4      | 21 12 000c cb007109 c0000201 dc04 01bb | peer
            2.2 version 1 in a version 2 header | 11 11 000c cb007109 c0000201 dc04 01bb | bad
            2.2 unknown command    | 22 11 000c cb007109 c0000201 dc04 01bb | bad
            2.2 unknown family     | 21 41 000c cb007109 c0000201 dc04 01bb | bad
            2.2 unknown protocol   | 21 13 000c cb007109 c0000201 dc04 01bb | bad
            2.2 too short          | 21 11 000b cb007109 c0000201 dc04 01  | bad
            2.2 too short for IPv6 | 21 21 000c cb007109 c0000201 dc04 01bb | bad
            2.2 longer than we take | 21 11 0ff1                   | bad
            2.2 the longest        | 21 11 0ff0                    | more
            2.2                    | 21 11 000c cb007109 c0000201 dc04 01 | more
            2.2                    | 21 11                         | more
            """)
    void versionTwo(String section, String hex, String expected) {
        byte[] octets = HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
        assertThat(told(octets)).as(section).isEqualTo(expected);
    }

    @Test
    void aSignatureThatGoesWrongIsKnownAtItsFirstWrongOctet() {
        byte[] octets = HexFormat.of().parseHex(SIGNATURE);
        for (int i = 1; i < octets.length; i++) {
            assertThat(told(Arrays.copyOf(octets, i))).isEqualTo("more");
            byte[] wrong = Arrays.copyOf(octets, i + 1);
            wrong[i] ^= 1;
            assertThat(told(wrong)).isEqualTo("bad");
        }
        assertThat(told(new byte[0])).isEqualTo("more");
    }

    /** What a proxy writes is read back, whatever comes behind it; any part of it asks for more, and for no more than there is. */
    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] source = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(source);
            source[0] = 0x20; // no IPv4-mapped address, which would be read as what it carries
            int port = random.nextInt(65_536);
            byte[] header = random.nextBoolean() ? v1(source, port) : v2(source, port, random.nextInt(100));
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            sent.write(header);
            sent.write(new byte[random.nextInt(20)]);
            InetSocketAddress expected = new InetSocketAddress(java.net.InetAddress.getByAddress(source), port);
            assertThat(ProxyHeader.read(sent.toByteArray())).isEqualTo(new ProxyHeader.Whole(header.length, expected));
            int part = random.nextInt(header.length);
            assertThat(ProxyHeader.read(Arrays.copyOf(header, part)))
                    .isInstanceOfSatisfying(
                            ProxyHeader.Partial.class,
                            more -> assertThat(more.atLeast()).isBetween(part + 1, header.length));
        }
    }

    /** Whatever comes, the answer is one of the three, and nothing is claimed that is not there. */
    @Test
    void noOctetsAreTooMuch() {
        Random random = new Random(2);
        byte[] v2 = HexFormat.of().parseHex(SIGNATURE + "2111000ccb007109c0000201dc0401bb");
        byte[] v1 = "PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] octets = (random.nextBoolean() ? v1 : v2).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(octets, random.nextInt(octets.length + 1));
            switch (ProxyHeader.read(cut)) {
                case ProxyHeader.Whole whole -> assertThat(whole.length()).isBetween(1, cut.length);
                case ProxyHeader.Partial more ->
                    assertThat(more.atLeast()).isBetween(cut.length + 1, ProxyHeader.LONGEST);
                case ProxyHeader.Bad bad -> assertThat(bad.why()).isNotBlank();
            }
        }
    }

    private static String told(byte[] octets) {
        return switch (ProxyHeader.read(octets)) {
            case ProxyHeader.Partial more -> "more";
            case ProxyHeader.Bad bad -> "bad";
            case ProxyHeader.Whole(int length, InetSocketAddress source) ->
                source == null ? "peer" : source.getAddress().getHostAddress() + ":" + source.getPort();
        };
    }

    private static byte[] v1(byte[] source, int port) throws Exception {
        String address = java.net.InetAddress.getByAddress(source).getHostAddress();
        String family = source.length == 4 ? "TCP4" : "TCP6";
        return ("PROXY " + family + " " + address + " " + address + " " + port + " 80\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(byte[] source, int port, int extensions) {
        int length = 2 * source.length + 4 + extensions;
        return ByteBuffer.allocate(16 + length)
                .put(HexFormat.of().parseHex(SIGNATURE))
                .put((byte) 0x21)
                .put((byte) (source.length == 4 ? 0x11 : 0x21))
                .putShort((short) length)
                .put(source)
                .put(source)
                .putShort((short) port)
                .putShort((short) 80)
                .array();
    }
}
