package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.coherence.Purge.Mode;
import io.larder.http.Glob;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgeIndexTest {
    private static final String[] HOSTS = {"a", "a:81", "b"};
    private static final String[] PATHS = {"/", "/p", "/p/q", "/p?q", "/x"};
    private static final String[] SCOPES = {"", "shop", "blog"};

    private static Verdict verdict(PurgeIndex index, String authority, String path, Position asOf) {
        return index.verdict(new Subject(authority, path), asOf);
    }

    private static PurgeIndex with(PurgeIndex index, Purge purge) {
        return index.with(purge, Mode.HARD);
    }

    @Test
    void whatWasTakenBeforeAPurgeIsCoveredWhatWasTakenAfterIsNot() {
        PurgeIndex before = PurgeIndex.EMPTY;
        Position fence = before.latest();
        PurgeIndex after = with(before, new Purge.Url("a", "/p"));
        assertThat(verdict(before, "a", "/p", fence)).isEqualTo(Verdict.VALID);
        assertThat(verdict(after, "a", "/p", fence)).isEqualTo(Verdict.GONE);
        assertThat(verdict(after, "a", "/p", after.latest())).isEqualTo(Verdict.VALID);
        assertThat(verdict(after, "a", "/q", fence)).isEqualTo(Verdict.VALID);
        assertThat(after.latest()).isEqualTo(fence.next());
    }

    @ParameterizedTest(name = "{0} then {1}: {2}, and {3} for what was taken in between")
    @CsvSource({
        "SOFT, SOFT, SOFTENED, SOFTENED",
        "SOFT, HARD, GONE, GONE",
        "HARD, SOFT, GONE, SOFTENED",
        "HARD, HARD, GONE, GONE",
        "SOFT, DOUBT, DOUBTED, DOUBTED",
        "DOUBT, SOFT, DOUBTED, SOFTENED",
        "DOUBT, HARD, GONE, GONE",
        "HARD, DOUBT, GONE, DOUBTED",
    })
    void theWorseOfTwoPurgesCounts(Mode first, Mode second, Verdict both, Verdict between) {
        for (Purge[] pair : new Purge[][] {
            {new Purge.Url("a", "/p"), new Purge.Url("a", "/p")},
            {new Purge.Tag("t"), new Purge.Prefix("a", "/")},
            {new Purge.Prefix("a", "/"), new Purge.Host("a")},
            {new Purge.All(), new Purge.Tag("t", "shop")},
            {new Purge.Match(Glob.of("a/*")), new Purge.All()},
        }) {
            Subject subject = new Subject("a", "/p", "shop", List.of("t"), List.of());
            PurgeIndex one = PurgeIndex.EMPTY.with(pair[0], first);
            PurgeIndex two = one.with(pair[1], second);
            assertThat(two.verdict(subject, Position.START)).isEqualTo(both);
            assertThat(two.verdict(subject, one.latest())).isEqualTo(between);
            assertThat(two.verdict(subject, two.latest())).isEqualTo(Verdict.VALID);
        }
    }

    @Test
    void purgesComeInOrder() {
        PurgeIndex one = PurgeIndex.EMPTY.with(List.of(new Purge.All()), Mode.HARD, new Position(7));
        assertThatThrownBy(() -> one.with(List.of(new Purge.All()), Mode.HARD, new Position(7)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everythingIsOneNumber() {
        PurgeIndex index = PurgeIndex.EMPTY;
        for (int i = 0; i < 5_000; i++) {
            index = index.with(new Purge.All(), i % 2 == 0 ? Mode.SOFT : Mode.HARD);
        }
        assertThat(index.size()).isZero();
        assertThat(index.floor()).isEqualTo(index.latest());
        assertThat(verdict(index, "a", "/", new Position(index.latest().value() - 1)))
                .isEqualTo(Verdict.GONE);
    }

    private static Purge any(Random random) {
        String host = HOSTS[random.nextInt(HOSTS.length)];
        String path = PATHS[random.nextInt(PATHS.length)];
        return switch (random.nextInt(60)) {
            case 0 -> new Purge.All();
            case 1, 2 -> new Purge.Host(host);
            case 3, 4, 5 -> new Purge.Prefix(host, path);
            case 6, 7 -> new Purge.Match(Glob.of("*" + path + random.nextInt(40) + "*"));
            case 8, 9, 10, 11, 12, 13, 14, 15 ->
                new Purge.Tag("t" + random.nextInt(60), SCOPES[random.nextInt(SCOPES.length)]);
            case 16, 17, 18, 19 -> new Purge.Group(host, "g" + random.nextInt(20));
            default -> new Purge.Url(host, path + random.nextInt(400));
        };
    }

    private static Subject subject(Random random) {
        Set<String> tags = new LinkedHashSet<>();
        Set<String> groups = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add("t" + random.nextInt(60));
        }
        for (int i = random.nextInt(2); i > 0; i--) {
            groups.add("g" + random.nextInt(20));
        }
        tags.addAll(groups);
        return new Subject(
                HOSTS[random.nextInt(HOSTS.length)],
                PATHS[random.nextInt(PATHS.length)] + random.nextInt(400),
                SCOPES[random.nextInt(SCOPES.length)],
                List.copyOf(tags),
                List.copyOf(groups));
    }

    private record Entry(Purge purge, Mode mode) {}

    private static Verdict plainly(List<Entry> since, Subject subject) {
        Verdict verdict = Verdict.VALID;
        for (Entry entry : since) {
            if (entry.purge.covers(subject)) {
                verdict = verdict.or(Verdict.of(entry.mode));
            }
        }
        return verdict;
    }

    /** A hundred thousand purges and questions: the index agrees with a list of all purges, or is stricter where it forgot. */
    @Test
    void agreesWithAPlainListOfPurges() {
        Random random = new Random(2026);
        List<Entry> all = new ArrayList<>();
        PurgeIndex index = PurgeIndex.EMPTY;
        for (int i = 0; i < 10_000; i++) {
            Entry entry = new Entry(any(random), random.nextInt(3) == 0 ? Mode.SOFT : Mode.HARD);
            all.add(entry);
            index = index.with(entry.purge, entry.mode);
            if (random.nextInt(500) == 0) {
                index = index.since(new Position(Math.max(0, all.size() - random.nextInt(200))));
            }
            for (int n = 0; n < 10; n++) {
                Subject subject = subject(random);
                int asOf = random.nextInt(Math.max(0, all.size() - 60), all.size() + 1);
                Verdict plain = plainly(all.subList(asOf, all.size()), subject);
                Verdict found = index.verdict(subject, new Position(asOf));
                boolean forgotten = index.floor().isAfter(new Position(asOf));
                assertThat(found).isEqualTo(forgotten ? Verdict.GONE : plain);
            }
        }
    }

    @Test
    void whatIsPurgedTogetherStandsInOnePlace() {
        List<Purge> together = List.of(new Purge.Url("a", "/p"), new Purge.Tag("t"), new Purge.Prefix("b", "/"));
        PurgeIndex index = PurgeIndex.EMPTY.with(together, Mode.SOFT, new Position(9));
        assertThat(index.latest()).isEqualTo(new Position(9));
        assertThat(index.size()).isEqualTo(3);
        assertThat(verdict(index, "a", "/p", new Position(8))).isEqualTo(Verdict.SOFTENED);
        assertThat(verdict(index, "b", "/x", new Position(8))).isEqualTo(Verdict.SOFTENED);
        assertThat(verdict(index, "b", "/x", new Position(9))).isEqualTo(Verdict.VALID);
        assertThat(index.with(List.of(), Mode.HARD, new Position(10)).size()).isEqualTo(3);
    }

    @Test
    void itIsBoundedAndForgettingNeverRevivesAnything() {
        PurgeIndex index = PurgeIndex.EMPTY;
        int urls = PurgeIndex.MAX_EXACT + PurgeIndex.MAX_EXACT / 2;
        for (int i = 1; i <= urls; i++) {
            index = with(index, new Purge.Url("a", "/" + i));
        }
        assertThat(index.size()).isLessThanOrEqualTo(PurgeIndex.MAX_EXACT + 1_000);
        for (int i = 1; i <= urls; i += 97) {
            assertThat(verdict(index, "a", "/" + i, new Position(i - 1))).isEqualTo(Verdict.GONE);
        }
        assertThat(verdict(index, "a", "/" + urls, index.latest())).isEqualTo(Verdict.VALID);
        for (int i = 0; i < 3 * PurgeIndex.MAX_PATTERNS; i++) {
            index = with(index, new Purge.Prefix("b", "/" + i));
        }
        assertThat(index.size()).isLessThanOrEqualTo(PurgeIndex.MAX_EXACT + 1_000 + PurgeIndex.MAX_PATTERNS);
        assertThat(verdict(index, "b", "/0", new Position(urls))).isEqualTo(Verdict.GONE);
        assertThat(verdict(index, "b", "/x", index.latest())).isEqualTo(Verdict.VALID);
    }

    @Test
    void whatIsSettledIsForgottenAndItsTimeCountsAsPurged() {
        PurgeIndex index = with(with(PurgeIndex.EMPTY, new Purge.Url("a", "/1")), new Purge.Prefix("a", "/2"));
        Position settled = index.latest();
        PurgeIndex since = with(index, new Purge.Url("a", "/3")).since(settled);
        assertThat(since.size()).isEqualTo(1);
        assertThat(verdict(since, "a", "/other", Position.START)).isEqualTo(Verdict.GONE);
        assertThat(verdict(since, "a", "/other", settled)).isEqualTo(Verdict.VALID);
        assertThat(verdict(since, "a", "/3", settled)).isEqualTo(Verdict.GONE);
        assertThat(since.since(settled)).isSameAs(since);
    }

    /** What thousands of purges cost a hit: nothing where it has been looked at, and each of them once where it has not. */
    @Test
    void purgesThatWereLookedAtAreNotTriedAgain() {
        PurgeIndex index = PurgeIndex.EMPTY;
        for (int i = 0; i < 10_000; i++) {
            index = with(index, new Purge.Match(Glob.of("*/never/" + i)));
        }
        Position checked = index.latest();
        PurgeIndex later = with(index, new Purge.Prefix("a", "/x"));
        assertThat(later.size()).isEqualTo(10_001);
        long began = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            assertThat(verdict(later, "a", "/p", checked) == Verdict.VALID).isTrue();
        }
        assertThat(System.nanoTime() - began)
                .as("tries one pattern, not ten thousand")
                .isLessThan(5_000_000_000L);
    }

    @Test
    void aGradualPurgeHasAMomentForEachResource() {
        Purge.Gradual gradual = new Purge.Gradual(new Purge.Host("a"), 1_000_000, 60_000);
        PurgeIndex index = PurgeIndex.EMPTY.with(gradual, Mode.SOFT);
        assertThat(verdict(index, "b", "/", Position.START)).isEqualTo(Verdict.VALID);
        int[] perTenSeconds = new int[6];
        for (int i = 0; i < 6_000; i++) {
            Subject page = new Subject("a", "/products/" + i);
            assertThat(index.verdict(page, Position.START)).isEqualTo(Verdict.SOFTENED);
            long due = index.staleFrom(page, Position.START) - 1_000_000;
            assertThat(due).isBetween(0L, 59_999L);
            perTenSeconds[(int) (due / 10_000)]++;
        }
        for (int count : perTenSeconds) {
            assertThat(count).as("spread evenly").isBetween(900, 1_100);
        }
    }

    @ParameterizedTest(name = "after {0}: stale from {1}")
    @CsvSource({"SOFT, 0", "GRADUAL, 500"})
    void theEarliestMomentCounts(String second, long from) {
        Subject page = new Subject("a", "/p");
        Purge sooner = second.equals("SOFT") ? new Purge.Url("a", "/p") : new Purge.Gradual(new Purge.All(), 500, 0);
        PurgeIndex index = PurgeIndex.EMPTY
                .with(new Purge.Gradual(new Purge.Url("a", "/p"), 1_000, 0), Mode.SOFT)
                .with(sooner, Mode.SOFT);
        assertThat(index.staleFrom(page, Position.START)).isEqualTo(from);
        assertThat(index.staleFrom(page, new Position(1))).isEqualTo(from);
    }
}
