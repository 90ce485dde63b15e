package io.larder.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Bytes;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {
    private final Random random = new Random(1952);

    private Bytes content(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }

    private static int crc(Bytes content) {
        CRC32 sum = new CRC32();
        sum.update(content.toArray());
        return (int) sum.getValue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0       | 0
            0       | 1
            1       | 0
            1       | 1
            7       | 300
            255     | 256
            65535   | 1
            65536   | 65535
            1       | 200000
            1048576 | 3
            3       | 1048577
            """)
    void oneAfterTheOther(int first, int second) {
        Bytes one = content(first);
        Bytes other = content(second);
        assertThat(Checksum.of(other).after(crc(one))).isEqualTo(crc(Bytes.concat(List.of(one, other))));
    }

    @Test
    void itIsWhatEverybodyCallsCrc32() {
        assertThat(Checksum.of(Bytes.utf8("123456789")))
                .extracting(Checksum::crc)
                .isEqualTo(0xCBF43926);
        assertThat(Checksum.of(Bytes.EMPTY)).isEqualTo(new Checksum(0, 0, 1 << 31));
    }

    @Test
    void theOrderCountsAndTheBracketsDoNot() {
        for (int round = 0; round < 500; round++) {
            Bytes a = content(random.nextInt(400));
            Bytes b = content(random.nextInt(400));
            Bytes c = content(random.nextInt(400));
            int stepwise = Checksum.of(c).after(Checksum.of(b).after(crc(a)));
            assertThat(stepwise)
                    .isEqualTo(Checksum.of(Bytes.concat(List.of(b, c))).after(crc(a)));
            assertThat(stepwise).isEqualTo(crc(Bytes.concat(List.of(a, b, c))));
        }
    }
}
