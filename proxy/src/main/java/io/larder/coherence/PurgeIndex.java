package io.larder.coherence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The purges that still matter, and where in their order they stand. Immutable: adding one gives another index.
 *
 * <p>Bounded: when it is full, the older half is forgotten and everything from before it counts as purged, so that
 * forgetting may cost a fetch but never serves what was purged.
 */
public final class PurgeIndex {
    /** How many purges of single URLs are remembered. */
    static final int MAX_URLS = 32_768;

    /** How many of the other kinds are. */
    static final int MAX_PATTERNS = 1_024;

    /** Few enough to be copied with every purge; many enough that the large map is copied rarely. */
    private static final int MAX_RECENT = 256;

    /** No purge yet. */
    public static final PurgeIndex EMPTY =
            new PurgeIndex(Position.START, Position.START, Map.of(), Map.of(), List.of());

    private record Pattern(Purge purge, long position) {}

    private final Position latest;
    private final Position floor;
    private final Map<Purge.Url, Long> urls;
    private final Map<Purge.Url, Long> recentUrls;
    private final List<Pattern> patterns; // newest first

    private PurgeIndex(
            Position latest,
            Position floor,
            Map<Purge.Url, Long> urls,
            Map<Purge.Url, Long> recentUrls,
            List<Pattern> patterns) {
        this.latest = latest;
        this.floor = floor;
        this.urls = urls;
        this.recentUrls = recentUrls;
        this.patterns = patterns;
    }

    /** Where the last purge stands: what is fetched from now on is newer than all of them. */
    public Position latest() {
        return latest;
    }

    /** What was taken before this counts as purged. */
    public Position floor() {
        return floor;
    }

    /** How many purges are remembered. */
    public int size() {
        return urls.size() + recentUrls.size() + patterns.size();
    }

    /** Whether any purge after {@code asOf} covers the resource, or might have. */
    public boolean covers(String authority, String pathAndQuery, Position asOf) {
        if (!latest.isAfter(asOf)) {
            return false;
        }
        if (floor.isAfter(asOf)) {
            return true;
        }
        Purge.Url url = new Purge.Url(authority, pathAndQuery);
        if (recentUrls.getOrDefault(url, 0L) > asOf.value() || urls.getOrDefault(url, 0L) > asOf.value()) {
            return true;
        }
        for (Pattern pattern : patterns) {
            if (pattern.position <= asOf.value()) {
                return false;
            }
            if (pattern.purge.covers(authority, pathAndQuery)) {
                return true;
            }
        }
        return false;
    }

    /** This index with {@code purge} as its latest. */
    public PurgeIndex with(Purge purge) {
        return with(purge, latest.next());
    }

    /**
     * This index with {@code purge} as its latest.
     *
     * @param position after {@link #latest}
     */
    public PurgeIndex with(Purge purge, Position position) {
        if (!position.isAfter(latest)) {
            throw new IllegalArgumentException("purges come in order: " + position + " after " + latest);
        }
        return switch (purge) {
            case Purge.All all -> new PurgeIndex(position, position, Map.of(), Map.of(), List.of());
            case Purge.Url url -> withUrl(url, position);
            case Purge.Prefix prefix -> withPattern(prefix, position);
            case Purge.Host host -> withPattern(host, position);
        };
    }

    private PurgeIndex withUrl(Purge.Url url, Position position) {
        if (recentUrls.size() < MAX_RECENT) {
            Map<Purge.Url, Long> recent = new HashMap<>(recentUrls);
            recent.put(url, position.value());
            return new PurgeIndex(position, floor, urls, recent, patterns);
        }
        Map<Purge.Url, Long> all = new HashMap<>(urls);
        all.putAll(recentUrls);
        PurgeIndex merged = new PurgeIndex(latest, floor, all, Map.of(), patterns);
        PurgeIndex bounded = all.size() > MAX_URLS ? merged.withoutOlderHalf(all.values().stream()) : merged;
        return bounded.withUrl(url, position);
    }

    private PurgeIndex withPattern(Purge purge, Position position) {
        if (patterns.size() >= MAX_PATTERNS) {
            return withoutOlderHalf(patterns.stream().map(Pattern::position)).withPattern(purge, position);
        }
        List<Pattern> all = Stream.concat(Stream.of(new Pattern(purge, position.value())), patterns.stream())
                .toList();
        return new PurgeIndex(position, floor, urls, recentUrls, all);
    }

    private PurgeIndex withoutOlderHalf(Stream<Long> positions) {
        long[] sorted = positions.mapToLong(Long::longValue).sorted().toArray();
        return since(new Position(sorted[sorted.length / 2]));
    }

    /** This index without what stands at or before {@code position}; whatever is older than that counts as purged. */
    public PurgeIndex since(Position position) {
        if (!position.isAfter(floor)) {
            return this;
        }
        return new PurgeIndex(
                latest,
                position,
                newer(urls, position),
                newer(recentUrls, position),
                patterns.stream().filter(p -> p.position > position.value()).toList());
    }

    private static Map<Purge.Url, Long> newer(Map<Purge.Url, Long> all, Position position) {
        Map<Purge.Url, Long> kept = new HashMap<>();
        all.forEach((url, at) -> {
            if (at > position.value()) {
                kept.put(url, at);
            }
        });
        return kept;
    }
}
