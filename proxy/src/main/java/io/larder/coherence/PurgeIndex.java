package io.larder.coherence;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The purges that still matter, and where in their order they stand. Immutable: adding some gives another index.
 *
 * <p>URLs, tags and groups are looked up; patterns are tried one by one, the newest first, down to what was looked at
 * before. Bounded: when it is full, the older half is forgotten and everything from before it counts as purged, so that
 * forgetting may cost a fetch but never serves what was purged.
 */
public final class PurgeIndex {
    /** How many purges of single URLs, tags and groups are remembered. */
    static final int MAX_EXACT = 32_768;

    /** How many of the other kinds are. */
    static final int MAX_PATTERNS = 16_384;

    /** Few enough to be copied with every purge; many enough that the large map is copied rarely. */
    private static final int MAX_RECENT = 256;

    /** No purge yet. */
    public static final PurgeIndex EMPTY = new PurgeIndex(Position.START, Mark.NONE, Map.of(), Map.of(), null);

    /** A list of patterns, newest first, that shares its tail with the index before. */
    private record Pattern(
            Purge purge,
            Purge.Mode mode,
            long position,
            int count,
            @Nullable Pattern older) {}

    /** No purge since {@code position}; whatever is older counts as purged. */
    static PurgeIndex beginningAt(Position position) {
        return new PurgeIndex(position, Mark.of(Purge.Mode.HARD, position.value()), Map.of(), Map.of(), null);
    }

    private final Position latest;
    private final Mark everything; // what was taken before it is purged, whatever it is
    private final Map<Purge, Mark> exact;
    private final Map<Purge, Mark> recent;
    private final @Nullable Pattern newest;

    private PurgeIndex(
            Position latest,
            Mark everything,
            Map<Purge, Mark> exact,
            Map<Purge, Mark> recent,
            @Nullable Pattern newest) {
        this.latest = latest;
        this.everything = everything;
        this.exact = exact;
        this.recent = recent;
        this.newest = newest;
    }

    /** Where the last purge stands: what is fetched from now on is newer than all of them. */
    public Position latest() {
        return latest;
    }

    /** What was taken before this counts as purged. */
    public Position floor() {
        return new Position(everything.hard());
    }

    /** How many purges are remembered. */
    public int size() {
        return exact.size() + recent.size() + (newest == null ? 0 : newest.count);
    }

    /** What the purges after {@code asOf} leave of {@code subject}. Those that were forgotten count as covering it. */
    public Verdict verdict(Subject subject, Position asOf) {
        if (!latest.isAfter(asOf)) {
            return Verdict.VALID;
        }
        Verdict verdict = everything.verdict(asOf.value());
        if (verdict != Verdict.GONE && !(recent.isEmpty() && exact.isEmpty())) {
            verdict = verdict.or(byName(subject, asOf.value()));
        }
        return byPattern(subject, asOf.value(), verdict);
    }

    private Verdict byName(Subject subject, long asOf) {
        Verdict verdict = Verdict.VALID;
        for (Purge name : subject.names()) {
            verdict = verdict.or(recent.getOrDefault(name, Mark.NONE).verdict(asOf));
            verdict = verdict.or(exact.getOrDefault(name, Mark.NONE).verdict(asOf));
        }
        return verdict;
    }

    private Verdict byPattern(Subject subject, long asOf, Verdict known) {
        Verdict verdict = known;
        for (Pattern pattern = newest; pattern != null && pattern.position > asOf; pattern = pattern.older) {
            if (verdict == Verdict.GONE) {
                return verdict;
            }
            Verdict own = Verdict.of(pattern.mode);
            if (own.compareTo(verdict) > 0 && pattern.purge.covers(subject)) {
                verdict = own;
            }
        }
        return verdict;
    }

    /**
     * From when on {@code subject} is stale that the purges after {@code asOf} leave {@link Verdict#SOFTENED}, in
     * milliseconds since 1970; 0 where it is so at once.
     */
    public long staleFrom(Subject subject, Position asOf) {
        if (everything.soft() > asOf.value() || byName(subject, asOf.value()) == Verdict.SOFTENED) {
            return 0;
        }
        long earliest = Long.MAX_VALUE;
        for (Pattern pattern = newest; pattern != null && pattern.position > asOf.value(); pattern = pattern.older) {
            if (pattern.mode == Purge.Mode.SOFT && pattern.purge.covers(subject)) {
                earliest = Math.min(earliest, dueAt(pattern.purge, subject));
            }
        }
        return earliest == Long.MAX_VALUE ? 0 : earliest;
    }

    static long dueAt(Purge soft, Subject subject) {
        return soft instanceof Purge.Gradual gradual ? gradual.dueAt(subject) : 0;
    }

    /** This index with {@code purge} as its latest. */
    public PurgeIndex with(Purge purge, Purge.Mode mode) {
        return with(List.of(purge), mode, latest.next());
    }

    /**
     * This index with {@code purges} as its latest: they share a position.
     *
     * @param position after {@link #latest}
     */
    public PurgeIndex with(Collection<? extends Purge> purges, Purge.Mode mode, Position position) {
        if (!position.isAfter(latest)) {
            throw new IllegalArgumentException("purges come in order: " + position + " after " + latest);
        }
        if (purges.stream().anyMatch(Purge.All.class::isInstance)) {
            return withEverything(mode, position);
        }
        Map<Purge, Mark> named = new HashMap<>();
        Pattern patterns = newest;
        for (Purge purge : purges) {
            if (purge.isExact()) {
                named.put(purge, Mark.of(mode, position.value()));
            } else {
                patterns = pushed(purge, mode, position.value(), patterns);
            }
        }
        return new PurgeIndex(position, everything, exact, recent, patterns)
                .withNamed(named)
                .bounded();
    }

    private PurgeIndex withEverything(Purge.Mode mode, Position position) {
        Mark all = everything.and(Mark.of(mode, position.value()));
        return switch (mode) {
            case HARD -> new PurgeIndex(position, all, Map.of(), Map.of(), null);
            case SOFT, DOUBT -> new PurgeIndex(position, all, exact, recent, newest);
        };
    }

    private static Pattern pushed(Purge purge, Purge.Mode mode, long position, @Nullable Pattern older) {
        return new Pattern(purge, mode, position, older == null ? 1 : older.count + 1, older);
    }

    private PurgeIndex withNamed(Map<Purge, Mark> added) {
        if (added.isEmpty()) {
            return this;
        }
        if (recent.size() + added.size() <= MAX_RECENT) {
            return new PurgeIndex(latest, everything, exact, both(recent, added), newest);
        }
        return new PurgeIndex(latest, everything, both(both(exact, recent), added), Map.of(), newest);
    }

    private static Map<Purge, Mark> both(Map<Purge, Mark> some, Map<Purge, Mark> others) {
        Map<Purge, Mark> all = new HashMap<>(some);
        others.forEach((purge, mark) -> all.merge(purge, mark, Mark::and));
        return all;
    }

    private PurgeIndex bounded() {
        PurgeIndex index = this;
        if (index.exact.size() > MAX_EXACT) {
            index = index.withoutOlderHalf(index.exact.values().stream().mapToLong(Mark::latest));
        }
        if (index.newest != null && index.newest.count > MAX_PATTERNS) {
            index = index.withoutOlderHalf(positions(index.newest));
        }
        return index;
    }

    private static LongStream positions(Pattern newest) {
        LongStream.Builder positions = LongStream.builder();
        for (Pattern pattern = newest; pattern != null; pattern = pattern.older) {
            positions.add(pattern.position);
        }
        return positions.build();
    }

    private PurgeIndex withoutOlderHalf(LongStream positions) {
        long[] sorted = positions.sorted().toArray();
        return since(new Position(sorted[sorted.length / 2]));
    }

    /** This index without what stands at or before {@code position}; whatever is older than that counts as purged. */
    public PurgeIndex since(Position position) {
        long floor = position.value();
        if (floor <= everything.hard()) {
            return this;
        }
        Mark all = everything.and(Mark.of(Purge.Mode.HARD, floor));
        return new PurgeIndex(latest, all, newer(exact, floor), newer(recent, floor), newer(newest, floor));
    }

    private static Map<Purge, Mark> newer(Map<Purge, Mark> all, long floor) {
        Map<Purge, Mark> kept = new HashMap<>();
        all.forEach((purge, mark) -> {
            if (mark.latest() > floor) {
                kept.put(purge, mark);
            }
        });
        return kept;
    }

    private static @Nullable Pattern newer(@Nullable Pattern newest, long floor) {
        Deque<Pattern> kept = new ArrayDeque<>();
        for (Pattern pattern = newest; pattern != null && pattern.position > floor; pattern = pattern.older) {
            kept.push(pattern);
        }
        Pattern list = null;
        for (Pattern pattern : kept) {
            list = pushed(pattern.purge, pattern.mode, pattern.position, list);
        }
        return list;
    }
}
