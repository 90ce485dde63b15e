package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Sun, 06 Nov 1994 08:49:37 GMT      | 1994-11-06T08:49:37Z
            Sunday, 06-Nov-94 08:49:37 GMT     | 1994-11-06T08:49:37Z
            Sun Nov  6 08:49:37 1994           | 1994-11-06T08:49:37Z
            Sun Nov 16 08:49:37 1994           | 1994-11-16T08:49:37Z
            Sun Nov 06 08:49:37 1994           | 1994-11-06T08:49:37Z
            sun, 06 nov 1994 08:49:37 gmt      | 1994-11-06T08:49:37Z
            SUNDAY, 06-NOV-94 08:49:37 GMT     | 1994-11-06T08:49:37Z
            Mon, 06 Nov 1994 08:49:37 GMT      | 1994-11-06T08:49:37Z
            Thu, 18 Aug 2050 02:01:18 GMT      | 2050-08-18T02:01:18Z
            Tue, 19 Jan 2038 14:14:08 GMT      | 2038-01-19T14:14:08Z
            Thu, 18 Aug 2286 02:01:18 GMT      | 2286-08-18T02:01:18Z
            Fri, 31 Dec 9999 23:59:59 GMT      | 9999-12-31T23:59:59Z
            Thu, 01 Jan 1970 00:00:00 GMT      | 1970-01-01T00:00:00Z
            Mon, 01 Jan 1900 00:00:00 GMT      | 1900-01-01T00:00:00Z
            Sat, 29 Feb 2020 00:00:00 GMT      | 2020-02-29T00:00:00Z
            Sat, 31 Dec 2016 23:59:60 GMT      | 2017-01-01T00:00:00Z
            Thursday, 18-Aug-50 02:01:18 GMT   | 2050-08-18T02:01:18Z
            Monday, 23-Nov-76 12:00:00 GMT     | 2076-11-23T12:00:00Z
            Monday, 23-Nov-76 12:00:01 GMT     | 1976-11-23T12:00:01Z
            Tuesday, 29-Feb-00 12:00:00 GMT    | 2000-02-29T12:00:00Z
            Friday, 31-Dec-99 23:59:59 GMT     | 1999-12-31T23:59:59Z
            """)
    void readsTheThreeForms(String text, Instant date) { // RFC 9110 §5.6.7
        assertThat(HttpDate.parse(text, NOW)).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "never",
                "Thu, 18 Aug 2050 02:01:18 UTC",
                "Thu, 18 Aug 2050 02:01:18 AEST",
                "Thu, 18 Aug 2050 02:01:18",
                "Thu, 18 Aug 2050 02:01:18 ",
                "Thu, 18 Aug 50 02:01:18 GMT",
                "Thu 18 Aug 2050 02:01:18 GMT",
                "Thu, 18  Aug  2050  02:01:18  GMT",
                "Thu,  18 Aug 2050 02:01:18 GMT",
                "Thu, 18-Aug-2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 02.01.18 GMT",
                "Thu, 18 Aug 2050 2:01:18 GMT",
                "Thu, 18 Aug 2050  2:01:18 GMT",
                "Thu, 8 Aug 2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 24:01:18 GMT",
                "Thu, 18 Aug 2050 02:60:18 GMT",
                "Thu, 18 Aug 2050 02:01:61 GMT",
                "Thu, 18 Aug 2050 02:01:18 GMT+1",
                "Thu, 18 Aug 2050 02:01:18 +0000",
                "Thu, 32 Aug 2050 02:01:18 GMT",
                "Thu, 00 Aug 2050 02:01:18 GMT",
                "Sat, 30 Feb 2020 00:00:00 GMT",
                "Thu, 18 Foo 2050 02:01:18 GMT",
                "Foo, 18 Aug 2050 02:01:18 GMT",
                "Thursday, 18-Aug-2050 02:01:18 GMT",
                "Thurs, 18-Aug-50 02:01:18 GMT",
                "Thursday, 18 Aug 50 02:01:18 GMT",
                "Thu, 18-Aug-50 02:01:18 GMT",
                "Thu Aug 18 2:01:18 2050",
                "Thu Aug 18 02:01:18 50",
                "Thu, Aug 18 02:01:18 2050",
                "2050-08-18T02:01:18Z",
                "Thu, 18 Aug 2050 02:01:1\u0661 GMT",
            })
    void readsNothingElse(String text) {
        assertThat(HttpDate.parse(text, NOW)).isNull();
    }

    @Test
    void writesWhatTheJdkWritesAndReadsItBack() {
        DateTimeFormatter oracle = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(9110);
        for (int i = 0; i < 20_000; i++) {
            Instant date = Instant.ofEpochSecond(random.nextLong(-2_208_988_800L, 253_402_300_800L));
            String text = HttpDate.format(date);
            assertThat(text).isEqualTo(oracle.format(date));
            assertThat(HttpDate.parse(text, NOW)).isEqualTo(date);
        }
    }

    @Test
    void cutsToSeconds() {
        assertThat(HttpDate.format(Instant.parse("1994-11-06T08:49:37.999Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
