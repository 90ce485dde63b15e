package io.larder.coherence.simulation;

import io.larder.coherence.Subject;
import java.util.List;
import java.util.Map;

/** The origin, which knows what is true; and who is served what. */
final class Origin {
    private final int[] versions;
    private final int[] forbidden; // below this version, since a purge was complete
    private final World world;
    private String violation = "";
    private long served;
    private long completed;

    Origin(World world, int keys) {
        this.world = world;
        this.versions = new int[keys];
        this.forbidden = new int[keys];
    }

    int keys() {
        return versions.length;
    }

    int version(int key) {
        return versions[key];
    }

    void changes(int key) {
        versions[key]++;
    }

    /** Every key has a tag that it shares with some others. */
    Subject subject(int key) {
        return new Subject("a.example", "/" + key, "", List.of(tag(key)), List.of());
    }

    static String tag(int key) {
        return "tag-" + key % 3;
    }

    /** A purge of these versions was said to be complete. */
    void purged(Map<Integer, Integer> purged) {
        completed++;
        purged.forEach((key, version) -> forbidden[key] = Math.max(forbidden[key], version));
    }

    void served(NodeModel node, int key, int version, String how) {
        served++;
        if (version < forbidden[key] && violation.isEmpty()) {
            violation = "at " + world.now() + " ms " + node.name() + " served version " + version + " of " + key + " "
                    + how + ", though a purge at version " + forbidden[key] + " was complete";
        }
    }

    /** The first thing that must not be; empty where nothing was. */
    String violation() {
        return violation;
    }

    long served() {
        return served;
    }

    long completed() {
        return completed;
    }
}
