package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {

    @ParameterizedTest(name = "{0} -> {1} s ({2})")
    @CsvSource(delimiter = ';', textBlock = """
            Date: [+0]                                   ; 0          ; RFC 9111 4.2.3
            Date: [-30]                                  ; 30         ; RFC 9111 4.2.3: apparent_age
            Date: [+30]                                  ; 0          ; RFC 9111 4.2.3: never negative
            Date: nonsense                               ; 0          ; RFC 9110 6.6.1
            X: no date                                   ; 0          ; RFC 9110 6.6.1
            Date: [+0] | Age: 7200                       ; 7200       ; RFC 9111 5.1
            Date: [-30] | Age: 7                         ; 30         ; RFC 9111 4.2.3: the larger one
            Date: [-30] | Age: 70                        ; 70         ; RFC 9111 4.2.3
            Age: 7200, 0                                 ; 7200       ; RFC 9111 5.1: the first member
            Age: 0, 7200                                 ; 0          ; RFC 9111 5.1
            Age: 7200 | Age: 0                           ; 7200       ; RFC 9111 5.1
            Age: 0 | Age: 7200                           ; 0          ; RFC 9111 5.1
            Age: abc                                     ; 0          ; RFC 9111 5.1: invalid is ignored
            Age: abc, 7200                               ; 0          ; RFC 9111 5.1
            Age: -7200                                   ; 0          ; RFC 9111 5.1
            Age: 7200.0                                  ; 0          ; RFC 9111 5.1
            Age: 2147483647                              ; 2147483647 ; RFC 9111 1.2.2
            Age: 2147483648                              ; 2147483648 ; RFC 9111 1.2.2
            Age: 99999999999999999999                    ; 2147483648 ; RFC 9111 1.2.2: no wrap
            """)
    void initialAge(String lines, long seconds, String section) {
        Age age = Age.of(Given.headers(lines), Given.NOW, Given.NOW);
        assertThat(age.seconds(Given.NOW)).as(section).isEqualTo(seconds);
    }

    @Test
    void theTimeTheResponseTookIsPartOfIt() { // RFC 9111 §4.2.3: corrected_age_value = age_value + response_delay
        Age age = Age.of(Given.headers("Age: 30"), Given.after(-2.5), Given.NOW);
        assertThat(age.millis(Given.NOW)).isEqualTo(32_500);
        assertThat(age.seconds(Given.NOW)).isEqualTo(32);
    }

    @Test
    void itGrowsByMilliseconds() {
        Age age = Age.of(Given.headers("Date: [+0]"), Given.NOW, Given.NOW);
        assertThat(age.seconds(Given.after(2.999))).isEqualTo(2);
        assertThat(age.seconds(Given.after(3))).isEqualTo(3);
        assertThat(age.millis(Given.after(3.25))).isEqualTo(3_250);
    }

    @Test
    void aDateCutToSecondsDoesNotRoundUp() {
        Instant received = Given.after(0.9);
        assertThat(Age.of(Given.headers("Date: [+0]"), received, received).seconds(received))
                .isZero();
    }

    @Test
    void neverNegativeWhateverTheClocksSay() {
        Random random = new Random(423);
        for (int i = 0; i < 10_000; i++) {
            String lines = "Date: [" + signed(random) + "] | Age: " + random.nextInt(-100, 100);
            Instant requested = Given.NOW.plusMillis(random.nextInt(-9_999, 9_999));
            Age age = Age.of(Given.headers(lines), requested, Given.NOW);
            Instant now = Given.NOW.plusMillis(random.nextLong(-9_999_999, 9_999_999));
            assertThat(age.millis(now)).isGreaterThanOrEqualTo(age.initial()).isNotNegative();
            assertThat(age.millis(now.plusMillis(1))).isGreaterThanOrEqualTo(age.millis(now));
        }
    }

    private static String signed(Random random) {
        int seconds = random.nextInt(-5_000, 5_000);
        return seconds < 0 ? "" + seconds : "+" + seconds;
    }
}
