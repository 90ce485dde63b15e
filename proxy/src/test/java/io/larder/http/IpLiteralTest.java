package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class IpLiteralTest {
    private static final int ROUNDS = 200_000;
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String V4 = OCTET + "(?:\\." + OCTET + "){3}";

    /** RFC 3986 §3.2.2, line by line. */
    private static final Pattern V6 = Pattern.compile("(?:H:){6}L|::(?:H:){5}L|(?:H)?::(?:H:){4}L"
            .concat("|(?:(?:H:){0,1}H)?::(?:H:){3}L|(?:(?:H:){0,2}H)?::(?:H:){2}L|(?:(?:H:){0,3}H)?::H:L")
            .concat("|(?:(?:H:){0,4}H)?::L|(?:(?:H:){0,5}H)?::H|(?:(?:H:){0,6}H)?::")
            .replace("L", "(?:H:H|" + V4 + ")")
            .replace("H", "[0-9A-Fa-f]{1,4}"));

    @Test
    void takesWhatTheGrammarTakes() throws UnknownHostException {
        Random random = new Random(20261123);
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = text(random);
            boolean v6 = V6.matcher(text).matches();
            byte[] octets = IpLiteral.parse(text);
            assertThat(IpLiteral.isV6("[" + text + "]::1", 1, text.length() + 1))
                    .as(text)
                    .isEqualTo(v6);
            assertThat(octets.length).as(text).isEqualTo(v6 ? 16 : text.matches(V4) ? 4 : 0);
            if (octets.length > 0) {
                good++;
                assertThat(InetAddress.getByAddress(octets)).as(text).isEqualTo(InetAddress.getByName(text));
            }
        }
        assertThat(good).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
    }

    /** Mostly parts and separators in about the right number. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "::" : "");
        int parts = random.nextInt(10);
        for (int i = 0; i < parts; i++) {
            text.append(part(random)).append(separator(random, i == parts - 1));
        }
        return text.toString();
    }

    private static String part(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> "";
            case 1 -> "g";
            case 2 -> "12345";
            case 3, 4, 5, 6 -> random.nextInt(260) + ".0.2." + random.nextInt(30);
            case 7 -> "1.02.3.4";
            case 8 -> "1.2.3";
            default -> Integer.toHexString(random.nextInt(0x10000));
        };
    }

    private static String separator(Random random, boolean last) {
        int which = random.nextInt(24);
        return which == 0 ? ":" : which < 3 ? "::" : which == 3 ? "." : last ? "" : ":";
    }
}
