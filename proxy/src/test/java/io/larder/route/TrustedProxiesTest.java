package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Cidr;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a trusted proxy's fields name. The peer is 10.0.0.1; 10.0.0.0/8 and 2001:db8:f::/48 are trusted. */
class TrustedProxiesTest {
    private static final List<Cidr> BLOCKS = List.of(
            Cidr.parse("10.0.0.0/8").orElseThrow(),
            Cidr.parse("2001:db8:f::/48").orElseThrow());
    private static final String PEER = "10.0.0.1";

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9                       | 203.0.113.9
            1.1.1.1, 203.0.113.9              | 203.0.113.9
            1.1.1.1, 203.0.113.9, 10.2.2.2    | 203.0.113.9
            10.3.3.3, 10.2.2.2                | 10.3.3.3
            203.0.113.9:1234                  | 203.0.113.9
            2001:DB8::9                       | 2001:db8::9
            [2001:db8::9]:443                 | 2001:db8::9
            2001:db8:0:0:0:0:0:9              | 2001:db8::9
            ::ffff:203.0.113.9                | 203.0.113.9
            1.1.1.1, 2001:db8:f::7            | 1.1.1.1
            203.0.113.9, unknown              | 10.0.0.1
            203.0.113.9, evil, 10.2.2.2       | 10.2.2.2
            203.0.113.0/24                    | 10.0.0.1
            ''                                | 10.0.0.1
            203.0.113.9,                      | 10.0.0.1
            """)
    void xForwardedFor(String field, String client) {
        assertThat(said("X-Forwarded-For", field).client()).isEqualTo(client);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            RFC 7239 4   | for=203.0.113.9                                        | 203.0.113.9 |
            RFC 7239 4   | For="[2001:db8:cafe::17]:4711"                         | 2001:db8:cafe::17 |
            RFC 7239 4   | for=192.0.2.60;proto=http;by=203.0.113.43              | 192.0.2.60 | http
            RFC 7239 4   | for=192.0.2.43, for=198.51.100.17                      | 198.51.100.17 |
            RFC 7239 4   | for=1.1.1.1;proto=http, for=203.0.113.9;proto=https, for=10.2.2.2;proto=http | 203.0.113.9 | https
            RFC 7239 4   | for=203.0.113.9;proto=HTTPS, for=10.2.2.2              | 203.0.113.9 | https
            RFC 7239 4   | FOR=203.0.113.9 ; Proto=https                          | 203.0.113.9 | https
            RFC 7239 4   | for="203.0.113.9:80";ext="a;b,c\\"d"                     | 203.0.113.9 |
            RFC 7239 4   | proto=https                                            | 10.0.0.1 | https
            RFC 7239 5.2 | for=1.1.1.1, proto=https                               | 10.0.0.1 | https
            RFC 7239 6.2 | for=unknown                                            | 10.0.0.1 |
            RFC 7239 6.2 | for=1.1.1.1, for=unknown, for=10.2.2.2                 | 10.2.2.2 |
            RFC 7239 6.3 | for=_hidden                                            | 10.0.0.1 |
            RFC 7239 6.3 | for=1.1.1.1, for=_SEVKISEK                             | 10.0.0.1 |
            RFC 7239 6   | for="203.0.113.9:_port"                                | 203.0.113.9 |
            RFC 7239 6   | for="2001:db8::9"                                      | 10.0.0.1 |
            RFC 7239 6   | for="[203.0.113.9]"                                    | 10.0.0.1 |
            RFC 7239 6   | for="203.0.113.9:"                                     | 10.0.0.1 |
            RFC 7239 6   | for="203.0.113.9:123456"                               | 10.0.0.1 |
            RFC 7239 4   | for=[2001:db8::9]                                      | malformed |
            RFC 7239 4   | for=203.0.113.9;for=1.1.1.1                            | malformed |
            RFC 7239 4   | for = 203.0.113.9                                      | malformed |
            RFC 7239 4   | for="203.0.113.9                                       | malformed |
            RFC 7239 4   | for="203.0.113.9"x                                     | malformed |
            RFC 7239 4   | 203.0.113.9                                            | malformed |
            RFC 7239 4   | for=                                                   | malformed |
            RFC 9110 5.6.1 | , for=203.0.113.9,                                   | 203.0.113.9 |
            """)
    void forwarded(String source, String field, String client, String scheme) {
        TrustedProxies.Said said = said("Forwarded", field);
        String nobody = "0.0.0.0"; // who can break the field must not pass for the proxy
        assertThat(said)
                .as(source)
                .isEqualTo(new TrustedProxies.Said(
                        TrustedProxies.Source.FORWARDED, client.equals("malformed") ? nobody : client, scheme));
    }

    @ParameterizedTest(name = "{0}: {1} and {2}")
    @CsvSource(delimiter = '|', textBlock = """
            false | 203.0.113.9 | for=1.1.1.1          | 203.0.113.9
            false | 203.0.113.9 | for=1.1.1.1;proto=https | 203.0.113.9
            false | nonsense    | for=1.1.1.1          | 10.0.0.1
            true  | 1.1.1.1     | for=203.0.113.9      | 203.0.113.9
            true  | 203.0.113.9 | for=                 | 0.0.0.0
            true  | 10.9.9.9    | "                    | 0.0.0.0
            true  | 1.1.1.1     | for=unknown          | 10.0.0.1
            """)
    void whereThereAreBothOneCounts(boolean prefersForwarded, String x, String forwarded, String client) {
        Headers both = Headers.of("X-Forwarded-For", x, "Forwarded", forwarded);
        TrustedProxies.Said said = new TrustedProxies(BLOCKS, prefersForwarded).said(both, PEER);
        assertThat(said.client()).isEqualTo(client);
        assertThat(said.scheme()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"https, https", "http, http", "ws, ", "'https, http', http", "HTTPS, "})
    void theSchemeIsOneOfTwo(String field, String scheme) {
        assertThat(said("X-Forwarded-Proto", field).scheme()).isEqualTo(scheme);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            for=1.1.1.1;host=a.example          | false
            for=1.1.1.1;host="a.example:80"     | false
            for=1.1.1.1;host=b.example          | true
            host=b.example, host=a.example      | true
            for=1.1.1.1                         | false
            host=                               | true
            """)
    void anotherHostIsAnotherUrl(String field, boolean another) {
        var request = io.larder.http.Request.get(
                io.larder.http.Target.of("http", "a.example", "/"), Headers.of("Forwarded", field));
        assertThat(Claims.changeTheUrl(request)).isEqualTo(another);
    }

    /** The name of a client is an address, or the peer's, whatever is sent; and always in one form. */
    @Test
    void whateverIsSaidTheClientIsAnAddress() {
        Random random = new Random(1);
        String[] parts = {
            "for=",
            "\"",
            "[",
            "]",
            "2001:db8::1",
            "10.1.1.1",
            "9.9.9.9",
            ",",
            ";",
            " ",
            "proto=https",
            "\\",
            "host=",
            "unknown",
            "_x",
            ":",
            "1",
            "=",
            "a"
        };
        for (int round = 0; round < 50_000; round++) {
            StringBuilder field = new StringBuilder();
            for (int i = random.nextInt(10); i >= 0; i--) {
                field.append(parts[random.nextInt(parts.length)]);
            }
            for (String name : List.of("Forwarded", "X-Forwarded-For")) {
                String client = said(name, field.toString()).client();
                assertThat(Cidr.parse(client).orElseThrow().address())
                        .as(field.toString())
                        .isEqualTo(client);
            }
        }
    }

    @Test
    void severalLinesAreOneChain() {
        Headers headers = Headers.builder()
                .add(Fields.FORWARDED, "for=1.1.1.1")
                .add(Fields.FORWARDED, "for=203.0.113.9")
                .build();
        assertThat(new TrustedProxies(BLOCKS).said(headers, PEER).client()).isEqualTo("203.0.113.9");
    }

    private static TrustedProxies.Said said(String field, String value) {
        return new TrustedProxies(BLOCKS).said(Headers.of(field, value), PEER);
    }
}
