package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormQueryTest {
    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            a=1&b=2   ! a=1 b=2
            a         ! a=
            =1        ! =1
            &&a=1&    ! a=1
            a=1=2     ! a=1=2
            %61=%31   ! a=1
            a+b=c+d   ! a b=c d
            a%2Bb=1   ! a+b=1
            %=%2      ! %=%2
            %4=%zz    ! %4=%zz
            %3D=%26   ! ==&
            %ff=1     ! \ufffd=1
            %C3%A9=1  ! \u00e9=1
            a;b=1     ! a;b=1
            ~~        ! ~~
            """)
    void pairs(String query, String expected) {
        StringBuilder all = new StringBuilder();
        FormQuery.parse(query)
                .forEach(pair -> all.append(all.isEmpty() ? "" : " ").append(pair.name() + "=" + pair.value()));
        assertThat(all).hasToString(expected);
        assertThat(FormQuery.parse(null)).isEmpty();
    }

    @Test
    void itDecodesAsThePlatformDoesWhereThatDoes() {
        Random random = new Random(3986);
        String alphabet = "ab%%%%0129afAF+-";
        int decoded = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                String theirs = URLDecoder.decode(text.toString(), StandardCharsets.UTF_8);
                if (!text.toString().contains("%-")) { // which the platform takes for a sign
                    assertThat(FormQuery.decoded(text.toString())).isEqualTo(theirs);
                    decoded++;
                }
            } catch (IllegalArgumentException malformed) {
                assertThat(FormQuery.decoded(text.toString())).isNotNull();
            }
        }
        assertThat(decoded).isGreaterThan(10_000);
    }
}
