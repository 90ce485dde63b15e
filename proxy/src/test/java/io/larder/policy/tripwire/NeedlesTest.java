package io.larder.policy.tripwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The search for many strings at once finds what {@link String#contains} finds, whatever the chunks. */
class NeedlesTest {
    private final Random random = new Random(1038);

    private static Needles.Needle needle(String text) {
        return new Needles.Needle(text, new Find(Find.Sign.COOKIE, text));
    }

    private static Bytes.Segment segment(byte[] array, int from, int to) {
        return new Bytes.Segment(array, from, to - from);
    }

    private static @Nullable Find find(Needles needles, String text, int... cuts) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        Needles.Scan scan = needles.scan();
        int from = 0;
        for (int cut : cuts) {
            scan.take(segment(octets, from, cut));
            from = cut;
        }
        scan.take(segment(octets, from, octets.length));
        return scan.found();
    }

    /** Few letters, so that needles overlap, repeat and almost match. */
    private String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void everySplitFindsWhatTheWholeHolds() {
        for (int round = 0; round < 4_000; round++) {
            List<Needles.Needle> list = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                list.add(needle(letters(8 + random.nextInt(4))));
            }
            Needles needles = new Needles(list);
            String text = letters(random.nextInt(60));
            boolean there = list.stream().anyMatch(needle -> text.contains(needle.text()));
            for (int cut = 0; cut <= text.length(); cut++) {
                Find found = find(needles, text, cut);
                assertThat(found != null).as("%s in %s at %d", list, text, cut).isEqualTo(there);
                assertThat(found == null || text.contains(found.name())).isTrue();
            }
        }
    }

    @Test
    void manyNeedlesInManyPieces() {
        for (int round = 0; round < 300; round++) {
            List<Needles.Needle> list = new ArrayList<>();
            for (int n = 0; n < 200; n++) {
                list.add(needle(letters(14 + random.nextInt(20))));
            }
            String text = letters(400);
            int[] cuts = random.ints(12, 0, text.length()).sorted().toArray();
            boolean there = list.stream().anyMatch(needle -> text.contains(needle.text()));
            assertThat(find(new Needles(list), text, cuts) != null).isEqualTo(there);
        }
    }

    @Test
    void octetByOctet() {
        String text = "page of \u00e9\u00ff\u0000 zombie-7f3a9c21 and more";
        int[] cuts = IntStream.range(0, text.length()).toArray();
        assertThat(find(new Needles(List.of(needle("zombie-7f3a9c21"))), text, cuts))
                .isEqualTo(new Find(Find.Sign.COOKIE, "zombie-7f3a9c21"));
        assertThat(find(new Needles(List.of(needle("\u00e9\u00ff\u0000 zombie"))), text, cuts))
                .isNotNull();
        assertThat(find(new Needles(List.of(needle("ZOMBIE-7F3A9C21"))), text, cuts))
                .as("values count octet by octet")
                .isNull();
    }

    @Test
    void ofAVeryLongValueTheBeginningIsEnough() {
        String value = "x1y2".repeat(2000);
        assertThat(find(new Needles(List.of(needle(value))), "<p>" + value.substring(0, Needles.LONGEST)))
                .isNotNull();
        assertThat(find(new Needles(List.of(needle(value))), "<p>" + value.substring(0, Needles.LONGEST - 1)))
                .isNull();
    }

    @Test
    void aNeedleThatIsTooShortIsAMistake() {
        assertThatThrownBy(() -> needle("short")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Needles(List.of()).isEmpty()).isTrue();
    }
}
