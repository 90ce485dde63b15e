package io.larder.upstream.discovery;

import io.larder.upstream.discovery.ApiTrouble.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What is known of a service's slices, and how it is learned: a list, then a watch from the list's version, then one from where
 * the last has ended. Outlives connections. Confined to its thread.
 */
final class SliceFollower {
    private final KubernetesTarget target;
    private final KubernetesPace pace;
    private final DoubleSupplier chance;
    private final Announcer announcer;
    private Slices slices = Slices.NONE;
    private Optional<String> version = Optional.empty(); // empty: to be listed
    private boolean known; // slices have been listed once
    private int failures; // since a watch was last believed

    SliceFollower(KubernetesTarget target, KubernetesPace pace, DoubleSupplier chance, Announcer announcer) {
        this.target = target;
        this.pace = pace;
        this.chance = chance;
        this.announcer = announcer;
    }

    /** Lists where that is needed, then watches to the watch's regular end. */
    void follow(KubernetesApi api) throws ApiTrouble, InterruptedException {
        String from = version.isPresent() ? version.get() : list(api);
        Duration length = pace.watch(chance.getAsDouble());
        watch(api, api.watch(from, length), length.plus(pace.grace()));
    }

    /** Takes note of trouble; answers how long to pause. */
    Duration trouble(ApiTrouble trouble) {
        failures++;
        if (trouble.kind() != Kind.LOST) {
            version = Optional.empty();
        }
        if (KubernetesPace.isOutage(trouble, failures, known)) {
            tellDespite(target + ": " + trouble.why());
        }
        return pace.pause(trouble, failures, chance.getAsDouble());
    }

    private String list(KubernetesApi api) throws ApiTrouble, InterruptedException {
        Slices listed = Slices.NONE;
        ListPage page;
        String more = "";
        do {
            page = api.list(more);
            for (Slice slice : page.slices()) {
                listed = listed.with(slice);
            }
            more = page.more();
        } while (!more.isEmpty());
        slices = listed;
        known = true;
        version = Optional.of(page.version());
        if (slices.view(target) instanceof Slices.View.Servers(List<Found> all)) {
            announcer.meanwhile(all); // whether an outage is over, the watch must show
        }
        return page.version();
    }

    private void watch(KubernetesApi api, WatchStream stream, Duration silence)
            throws ApiTrouble, InterruptedException {
        boolean opened = false;
        boolean believed = false;
        while (true) {
            WatchStream.Item item = stream.next(!opened ? pace.answer() : believed ? silence : pace.settled());
            switch (item) {
                case null -> {
                    if (!opened || believed) {
                        throw new ApiTrouble(Kind.LOST, "nothing comes from the Kubernetes API any more");
                    }
                    believed = believe();
                }
                case WatchStream.Opened open -> opened = true;
                case WatchStream.Line(String text) -> {
                    take(WatchEvent.parse(text));
                    if (!believed) {
                        believed = believe();
                    } else if (stream.isEmpty()) {
                        tell();
                    }
                }
                case WatchStream.Ended ended -> {
                    if (!believed) {
                        throw new ApiTrouble(Kind.LOST, "the Kubernetes API ends each watch at once");
                    }
                    tell();
                    return;
                }
                case WatchStream.Broken(Throwable why) -> throw api.lost(why);
                case WatchStream.Refused(ApiTrouble why) -> throw why;
            }
        }
    }

    private boolean believe() {
        failures = 0;
        tell();
        return true;
    }

    private void take(WatchEvent event) throws ApiTrouble {
        switch (event) {
            case WatchEvent.Put(Slice slice, String at) -> {
                slices = slices.with(slice);
                version = Optional.of(at);
            }
            case WatchEvent.Deleted(String name, String at) -> {
                slices = slices.without(name);
                version = Optional.of(at);
            }
            case WatchEvent.Bookmark(String at) -> version = Optional.of(at);
            case WatchEvent.Over(int code, String message) -> {
                version = Optional.empty(); // whatever it was, a new list is right
                throw ApiTrouble.of(target, code, message, Duration.ZERO);
            }
            case WatchEvent.Strange(String why) -> {
                version = Optional.empty();
                throw new ApiTrouble(Kind.LOST, "the Kubernetes API sends " + why);
            }
        }
    }

    private void tell() {
        switch (slices.view(target)) {
            case Slices.View.Servers(List<Found> all) -> announcer.good(all);
            case Slices.View.NoPort(String why) -> announcer.bad(target + ": " + why);
            case Slices.View.NoService(String why) -> announcer.bad(target + ": " + why);
        }
    }

    /** Tells what is known, and that it may have grown old. */
    private void tellDespite(String why) {
        if (known && slices.view(target) instanceof Slices.View.Servers(List<Found> all)) {
            announcer.partly(all, why);
        } else {
            announcer.bad(why);
        }
    }
}
