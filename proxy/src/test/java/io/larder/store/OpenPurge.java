package io.larder.store;

import io.larder.coherence.Position;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A purge that is in force on node {@code a}, and elsewhere when a test says so: node {@code b} has not confirmed it. */
public final class OpenPurge {
    /** Why the log cannot be reached. */
    public volatile @Nullable String outage;

    private final CompletableFuture<Announcement.Progress> complete = new CompletableFuture<>();
    private final Announcement announcement;

    public OpenPurge() {
        this(CompletableFuture.completedFuture(done()));
    }

    /** One that is carried out when the test says so. */
    public OpenPurge(CompletionStage<Store.Purged> here) {
        Announcement.Progress first = new Announcement.Progress(
                "7-0", Map.of("a", Duration.ofMillis(1)), List.of("b"), "one node has not confirmed it");
        announcement = new Announcement(
                here, () -> done().matched(), () -> outage, () -> complete.getNow(first), () -> complete);
    }

    /** What it does on node {@code a}. */
    public static Store.Purged done() {
        return new Store.Purged(new Position(1), 3);
    }

    public Announcement announcement() {
        return announcement;
    }

    public void complete(String position, String... nodes) {
        Map<String, Duration> confirmed =
                Arrays.stream(nodes).collect(Collectors.toMap(name -> name, name -> Duration.ofMillis(2)));
        complete.complete(new Announcement.Progress(position, confirmed, List.of(), null));
    }
}
