package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes 0-4/10, 0, 4, 10",
        "bytes 9-9/10, 9, 9, 10",
        "BYTES 0-0/1, 0, 0, 1",
        "bytes 4294967296-8589934591/8589934592, 4294967296, 8589934591, 8589934592"
    })
    void sound(String value, long first, long last, long complete) { // RFC 9110 §14.4
        ContentRange range = ContentRange.parse(value).orElseThrow();
        assertThat(range).isEqualTo(new ContentRange(new ByteRange(first, last), complete));
        assertThat(range).hasToString("bytes " + first + "-" + last + "/" + complete);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes ",
                "bytes */10",
                "bytes 0-4/*",
                "bytes 4-0/10",
                "bytes 0-10/10",
                "bytes 0-4",
                "bytes=0-4/10",
                "bytes  0-4/10",
                "bytes 0-4/10 ",
                "bytes 0 -4/10",
                "bytes -4/10",
                "bytes 0-/10",
                "items 0-4/10",
                "bytes 0-4/10, bytes 5-9/10",
                "bytes 0-4/1x",
                "x 0-4/10"
            })
    void nothingIsPutTogetherByWhatIsUnsound(String value) { // RFC 9110 §14.4
        assertThat(ContentRange.parse(value)).isEmpty();
    }

    @Test
    void aRefusalSaysHowLongTheWholeIs() { // RFC 9110 §15.5.17
        assertThat(ContentRange.unsatisfied(10)).isEqualTo("bytes */10");
    }
}
