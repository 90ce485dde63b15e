package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of {@code timefmt} (POSIX strftime, in the C locale). */
class TimeFormatTest {
    private static final ZonedDateTime SUNDAY = ZonedDateTime.of(2026, 9, 6, 0, 4, 5, 0, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            %A, %d-%b-%Y %H:%M:%S %Z | Sunday, 06-Sep-2026 00:04:05 GMT
            %a %e %B %y              | Sun  6 September 26
            %I:%M %p                 | 12:04 AM
            %F %T                    | 2026-09-06 00:04:05
            %D %R %r                 | 09/06/26 00:04 12:04:05 AM
            %c                       | Sun Sep  6 00:04:05 2026
            %j %u %w %z              | 249 7 0 +0000
            %s                       | 1788653045
            100%% %Q %               | 100% %Q %
            """)
    void isWritten(String format, String expected) {
        assertThat(TimeFormat.format(format, SUNDAY)).isEqualTo(expected);
    }

    @Test
    void zonesHaveTheirNames() {
        assertThat(TimeFormat.format("%H %Z %z", SUNDAY.withZoneSameInstant(ZoneId.of("Europe/Berlin"))))
                .isEqualTo("02 CEST +0200");
    }
}
