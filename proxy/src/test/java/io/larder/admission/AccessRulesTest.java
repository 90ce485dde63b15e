package io.larder.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Cidr;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
    @ParameterizedTest(name = "allow {0}, deny {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.0/8         |                | 10.1.2.3        | true
            10.0.0.0/8         |                | 11.1.2.3        | false
            10.0.0.0/8         | 10.1.0.0/16    | 10.1.2.3        | false
            10.0.0.0/8         | 10.1.0.0/16    | 10.2.2.3        | true
            10.1.2.3           | 0.0.0.0/0      | 10.1.2.3        | false
                               | 203.0.113.0/24 | 203.0.113.9     | false
                               | 203.0.113.0/24 | 198.51.100.1    | true
                               | 203.0.113.0/24 | 2001:db8::1     | true
                               | 203.0.113.0/24 | ::ffff:203.0.113.9 | false
            0.0.0.0/0          |                | 2001:db8::1     | false
            2001:db8::/32,10.0.0.1 |            | 2001:db8:1::1   | true
            2001:db8::/32,10.0.0.1 |            | 10.0.0.1        | true
                               | 203.0.113.0/24 | unknown         | false
            """)
    void admits(String allow, String deny, String address, boolean admitted) {
        assertThat(new AccessRules(blocks(allow), blocks(deny)).admit(address)).isEqualTo(admitted);
    }

    private static List<Cidr> blocks(String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(block -> Cidr.parse(block).orElseThrow())
                        .toList();
    }
}
