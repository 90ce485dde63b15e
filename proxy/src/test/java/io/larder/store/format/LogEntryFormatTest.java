package io.larder.store.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.LogEntry;
import io.larder.coherence.Purge;
import io.larder.http.Glob;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogEntryFormatTest {
    private static final Set<Purge> ALL_KINDS = Set.of(
            new Purge.Url("shop.example", "/p?q=ä"),
            new Purge.Tag("t\u00e4g"),
            new Purge.Tag("t", "shop"),
            new Purge.Group("shop.example:8080", "g"),
            new Purge.Prefix("shop.example", "/p/"),
            new Purge.Match(Glob.of("shop.example/*.png")),
            new Purge.Host("shop.example"),
            new Purge.All(),
            new Purge.Gradual(new Purge.Tag("t"), 1_795_953_600_000L, 60_000));

    private static LogEntry entry(Purge.Mode mode) {
        return new LogEntry(4711, "node-a", -1, ALL_KINDS, mode);
    }

    private static LogEntry doubt(long position) {
        return new LogEntry(position, "", 0, Set.of(new Purge.All()), Purge.Mode.DOUBT);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindSurvives(Purge.Mode mode) {
        assertThat(LogEntryFormat.decode(4711, LogEntryFormat.encode(entry(mode))))
                .isEqualTo(entry(mode));
    }

    @Test
    void whatCannotBeReadPutsAllInDoubt() {
        byte[] whole = LogEntryFormat.encode(entry(Purge.Mode.HARD));
        for (int length = 0; length < whole.length; length++) {
            assertThat(LogEntryFormat.decode(1, Arrays.copyOf(whole, length)))
                    .as("cut to %d octets", length)
                    .isEqualTo(doubt(1));
        }
        byte[] newer = whole.clone();
        newer[0]++;
        assertThat(LogEntryFormat.decode(2, newer)).isEqualTo(doubt(2));
        assertThat(LogEntryFormat.decode(2, Arrays.copyOf(whole, whole.length + 1)))
                .as("what a newer node may have added")
                .isEqualTo(doubt(2));
    }

    @Test
    void noOctetsMakeItFail() {
        Random random = new Random(7);
        byte[] whole = LogEntryFormat.encode(entry(Purge.Mode.SOFT));
        for (int i = 0; i < 50_000; i++) {
            byte[] changed = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(LogEntryFormat.decode(3, changed).position()).isEqualTo(3);
        }
    }
}
