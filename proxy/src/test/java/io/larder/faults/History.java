package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What all clients saw, and what they may not have seen from when on: after a purge that is complete, nothing older from any
 * node; after another one, nothing older from the nodes where it is in force, nor, once they are cut off for longer than
 * they trust what they have, from the others.
 */
final class History {
    /** Between the moment when something is done to a node and the one when a test takes note of it. */
    private static final Duration MARGIN = Duration.ofMillis(150);

    private static final int SHOWN = 10; // of many that are wrong in the same way

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Queue<Purged> purges = new ConcurrentLinkedQueue<>();
    private final Queue<Span> silences = new ConcurrentLinkedQueue<>();
    private final Queue<Span> absences = new ConcurrentLinkedQueue<>();

    /**
     * A purge of {@code paths}, after they had been raised to {@code version}.
     *
     * @param soft whether older content may be seen while it is fetched anew
     */
    record Purged(Set<String> paths, long version, String asked, PurgeAnswer answer, boolean soft) {
        boolean isInForceOn(String node) {
            return answer.isComplete() || node.equals(asked) || answer.acked().contains(node);
        }
    }

    /** Something that a node is in from {@code begin} to {@code end}. */
    private static final class Span {
        private final String node;
        private final long begin;
        private volatile long end = Long.MAX_VALUE;

        Span(String node, long begin) {
            this.node = node;
            this.begin = begin;
        }

        boolean covers(String other, long time) {
            return node.equals(other) && begin <= time && time < end;
        }
    }

    /** From some time to another a node must not serve a page in an older version. */
    private record Floor(String node, long version, long from, long until, Purged purged) {
        boolean forbids(Seen one) {
            return one.version() < version && node.equals(one.node()) && from < one.start() && one.start() < until;
        }
    }

    void add(Seen one) {
        seen.add(one);
    }

    void add(Purged purge) {
        purges.add(purge);
    }

    /** Since just now {@code nodes} have no contact with Redis. */
    void cutOff(Collection<String> nodes) {
        nodes.forEach(node -> silences.add(new Span(node, System.nanoTime())));
    }

    /** In a moment {@code nodes} may have contact again. */
    void reached(Collection<String> nodes) {
        end(silences, nodes, System.nanoTime());
    }

    /** From now on it is no wonder that {@code node} does not answer. */
    void gone(String node) {
        absences.add(new Span(node, System.nanoTime()));
    }

    void back(Collection<String> nodes) {
        end(absences, nodes, System.nanoTime());
    }

    private static void end(Queue<Span> spans, Collection<String> nodes, long now) {
        spans.stream().filter(span -> nodes.contains(span.node)).forEach(span -> span.end = Math.min(span.end, now));
    }

    Stream<Seen> seen() {
        return seen.stream();
    }

    /** What was seen of requests that began between two times. */
    Stream<Seen> seen(long from, long until) {
        return seen().filter(one -> from <= one.start() && one.start() < until);
    }

    List<Purged> purges() {
        return List.copyOf(purges);
    }

    long complete() {
        return purges.stream().filter(purge -> purge.answer.isComplete()).count();
    }

    /** Every client was answered, and none was shown what was purged. */
    void verify() {
        none("requests that failed", failures());
        none("responses after their purge", stale());
    }

    private static void none(String what, List<?> found) {
        assertThat(found.stream().limit(SHOWN)).as("%d %s", found.size(), what).isEmpty();
    }

    private List<Seen> failures() {
        Predicate<Seen> excused = one -> absences.stream()
                .anyMatch(span -> span.covers(one.node(), one.start()) || span.covers(one.node(), one.end()));
        return seen().filter(one -> !one.isGood() && !excused.test(one)).toList();
    }

    private List<String> stale() {
        Map<String, List<Floor>> floors = floors();
        List<String> found = new ArrayList<>();
        seen().filter(Seen::isGood).forEach(one -> {
            for (Floor floor : floors.getOrDefault(one.path(), List.of())) {
                if (floor.forbids(one)) {
                    long after = one.start() - floor.from;
                    found.add("%s, %d ms after %d was due: %s"
                            .formatted(one, Duration.ofNanos(after).toMillis(), floor.version, floor.purged));
                }
            }
        });
        return found;
    }

    private Map<String, List<Floor>> floors() {
        Map<String, List<Floor>> floors = new HashMap<>();
        for (Purged purge : purges.stream().filter(one -> !one.soft).toList()) {
            List<Floor> own = new ArrayList<>();
            for (String node : Fleet.NODES) {
                own.addAll(floors(purge, node));
            }
            purge.paths.forEach(
                    path -> floors.computeIfAbsent(path, p -> new ArrayList<>()).addAll(own));
        }
        return floors;
    }

    private List<Floor> floors(Purged purge, String node) {
        if (purge.isInForceOn(node)) {
            return List.of(new Floor(node, purge.version, purge.answer.at(), Long.MAX_VALUE, purge));
        }
        long trust = Fleet.MAX_LAG.plus(MARGIN).toNanos();
        return silences.stream()
                .filter(span -> span.node.equals(node))
                .map(span -> new Floor(
                        node, purge.version, Math.max(purge.answer.at(), span.begin + trust), span.end, purge))
                .toList();
    }
}
