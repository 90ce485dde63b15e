package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    @ParameterizedTest(name = "purge at {0} of epoch {1}, settled {2}: {3}, missing {4}")
    @CsvSource({
        "10, 7, true, true, ''",
        "20, 7, true, false, 'a'",
        "21, 7, true, false, 'a,b'",
        "10, 7, false, false, ''",
        "10, 6, true, false, ''",
    })
    void aPurgeIsCompleteOnceAllThatLiveHaveReadIt(
            long position, long epoch, boolean settled, boolean complete, String missing) {
        Quorum quorum = new Quorum(7, settled ? Duration.ZERO : Duration.ofSeconds(1), Map.of("b", 20L, "a", 19L));
        assertThat(quorum.isComplete(new AsOf(epoch, position))).isEqualTo(complete);
        assertThat(String.join(",", quorum.missing(position))).isEqualTo(missing);
    }
}
