package io.larder.telemetry;

import java.util.List;
import java.util.Map;

/**
 * What the private-page guard has seen on a route since the start.
 *
 * @param found how many bodies it refused, by the code of the reason
 * @param shadow what would have been served, beside what the origin said
 * @param findings the URLs that it found something under lately, the latest first; a bounded number
 */
public record GuardedRoute(String site, String route, Map<String, Long> found, Shadow shadow, List<Finding> findings) {
    public GuardedRoute {
        found = Map.copyOf(found);
        findings = List.copyOf(findings);
    }

    /**
     * Comparisons of {@code guard: shadow}.
     *
     * @param same stored and fetched responses were the same
     * @param overTime they were not, for the same visitor
     * @param perVisitor they were not, and the stored one had been fetched for another visitor
     * @param uncompared there was nothing whole to compare: a 304, a broken body
     */
    public record Shadow(long same, long overTime, long perVisitor, long uncompared) {}

    /**
     * Something under one URL.
     *
     * @param what for people, e.g. {@code differs per visitor at byte 4312}, {@code guard-form: csrfmiddlewaretoken}
     * @param count how often
     */
    public record Finding(String url, String what, long count) {}
}
