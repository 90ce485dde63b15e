package io.larder.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PurgeIndexTest {
    private static final String[] HOSTS = {"a", "a:81", "b"};
    private static final String[] PATHS = {"/", "/p", "/p/q", "/p?q", "/x"};

    @Test
    void whatWasTakenBeforeAPurgeIsCoveredWhatWasTakenAfterIsNot() {
        PurgeIndex before = PurgeIndex.EMPTY;
        Position fence = before.latest();
        PurgeIndex after = before.with(new Purge.Url("a", "/p"));
        assertThat(before.covers("a", "/p", fence)).isFalse();
        assertThat(after.covers("a", "/p", fence)).isTrue();
        assertThat(after.covers("a", "/p", after.latest())).isFalse();
        assertThat(after.covers("a", "/q", fence)).isFalse();
        assertThat(after.latest()).isEqualTo(fence.next());
    }

    @Test
    void purgesComeInOrder() {
        PurgeIndex one = PurgeIndex.EMPTY.with(new Purge.All(), new Position(7));
        assertThatThrownBy(() -> one.with(new Purge.All(), new Position(7)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everythingIsOneNumber() {
        PurgeIndex index = PurgeIndex.EMPTY;
        for (int i = 0; i < 5_000; i++) {
            index = index.with(new Purge.All());
        }
        assertThat(index.size()).isZero();
        assertThat(index.floor()).isEqualTo(index.latest());
        assertThat(index.covers("a", "/", new Position(index.latest().value() - 1)))
                .isTrue();
    }

    private static Purge any(Random random) {
        String host = HOSTS[random.nextInt(HOSTS.length)];
        String path = PATHS[random.nextInt(PATHS.length)];
        return switch (random.nextInt(40)) {
            case 0 -> new Purge.All();
            case 1, 2 -> new Purge.Host(host);
            case 3, 4, 5 -> new Purge.Prefix(host, path);
            default -> new Purge.Url(host, path + random.nextInt(400));
        };
    }

    @Test
    void agreesWithAPlainListOfPurges() {
        Random random = new Random(2026);
        List<Purge> all = new ArrayList<>();
        PurgeIndex index = PurgeIndex.EMPTY;
        for (int i = 0; i < 3_000; i++) {
            Purge purge = any(random);
            all.add(purge);
            index = index.with(purge);
            for (int n = 0; n < 20; n++) {
                String host = HOSTS[random.nextInt(HOSTS.length)];
                String path = PATHS[random.nextInt(PATHS.length)] + random.nextInt(400);
                int asOf = random.nextInt(Math.max(0, all.size() - 60), all.size() + 1);
                boolean covered = all.subList(asOf, all.size()).stream().anyMatch(p -> p.covers(host, path));
                assertThat(index.covers(host, path, new Position(asOf))).isEqualTo(covered);
            }
        }
    }

    @Test
    void itIsBoundedAndForgettingNeverRevivesAnything() {
        PurgeIndex index = PurgeIndex.EMPTY;
        int urls = PurgeIndex.MAX_URLS + PurgeIndex.MAX_URLS / 2;
        for (int i = 1; i <= urls; i++) {
            index = index.with(new Purge.Url("a", "/" + i));
        }
        assertThat(index.size()).isLessThanOrEqualTo(PurgeIndex.MAX_URLS + 1_000);
        for (int i = 1; i <= urls; i += 97) {
            assertThat(index.covers("a", "/" + i, new Position(i - 1))).isTrue();
        }
        assertThat(index.covers("a", "/" + urls, index.latest())).isFalse();
        for (int i = 0; i < 3 * PurgeIndex.MAX_PATTERNS; i++) {
            index = index.with(new Purge.Prefix("b", "/" + i));
        }
        assertThat(index.size()).isLessThanOrEqualTo(PurgeIndex.MAX_URLS + 1_000 + PurgeIndex.MAX_PATTERNS);
        assertThat(index.covers("b", "/0", new Position(urls))).isTrue();
        assertThat(index.covers("b", "/x", index.latest())).isFalse();
    }

    @Test
    void whatIsSettledIsForgottenAndItsTimeCountsAsPurged() {
        PurgeIndex index = PurgeIndex.EMPTY.with(new Purge.Url("a", "/1")).with(new Purge.Prefix("a", "/2"));
        Position settled = index.latest();
        PurgeIndex since = index.with(new Purge.Url("a", "/3")).since(settled);
        assertThat(since.size()).isEqualTo(1);
        assertThat(since.covers("a", "/other", Position.START)).isTrue();
        assertThat(since.covers("a", "/other", settled)).isFalse();
        assertThat(since.covers("a", "/3", settled)).isTrue();
        assertThat(since.since(settled)).isSameAs(since);
    }
}
