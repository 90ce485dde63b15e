package io.larder.telemetry;

import io.larder.exchange.Journal;
import io.larder.exchange.Shared;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what the private-page guard sees, a bounded part of it by URL, and logs the first of its kind. Called on loops;
 * nothing here waits for long.
 */
@Shared
public final class GuardFindings {
    private static final Logger LOG = LoggerFactory.getLogger(GuardFindings.class);
    private static final Duration AGAIN = Duration.ofHours(1); // when the same is logged once more
    private static final int LONGEST_URL = 300;
    private static final int LONGEST_NAME = 64;

    private record Place(String site, String route) {}

    private final Executor aside;
    private final ConcurrentMap<Place, GuardedUrls> routes = new ConcurrentHashMap<>();

    /** @param aside writes to the log; never a loop */
    public GuardFindings(Executor aside) {
        this.aside = aside;
    }

    /** How a stored response and what the origin said instead compare. */
    public sealed interface Comparison {
        /** They are the same. */
        record Same() implements Comparison {}

        /** Another status. */
        record OtherStatus(int stored, int fetched) implements Comparison {}

        /**
         * Other bodies.
         *
         * @param at the first octet that differs, of the decoded bodies where they are encoded
         */
        record OtherBody(long at) implements Comparison {}

        /** There was nothing whole to compare. */
        record None() implements Comparison {}
    }

    /**
     * A body was refused.
     *
     * @param journal of the request: which route it took
     * @param reason the code of the policy's reason, of a closed set
     * @param name of the cookie or field, empty where there is none; never a value
     */
    public void found(Journal journal, String url, String reason, String name, Instant now) {
        String shown = printable(url, LONGEST_URL);
        String what = name.isEmpty() ? reason : reason + ": " + printable(name, LONGEST_NAME);
        if (urls(journal).refused(shown, reason, what, now, AGAIN)) {
            log("not stored, {}: {} on route {} of site {}", what, shown, journal.route(), journal.site());
        }
    }

    /**
     * What a shadowed route would have served was compared.
     *
     * @param otherVisitor whether the stored response had been fetched for another one
     */
    public void compared(Journal journal, String url, Comparison comparison, boolean otherVisitor, Instant now) {
        String shown = printable(url, LONGEST_URL);
        if (urls(journal).compared(shown, comparison, otherVisitor, now, AGAIN)) {
            log(
                    "shadow: would have served something else{}: {} on route {} of site {}",
                    otherVisitor ? ", of another visitor" : "",
                    shown,
                    journal.route(),
                    journal.site());
        }
    }

    private GuardedUrls urls(Journal journal) {
        return routes.computeIfAbsent(new Place(journal.site(), journal.route()), place -> new GuardedUrls());
    }

    private void log(String format, Object... arguments) {
        try {
            aside.execute(() -> LOG.warn(format, arguments));
        } catch (RejectedExecutionException closing) {
            return; // nobody reads the log of a gateway that is gone
        }
    }

    /** Clients choose these characters. */
    private static String printable(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) + "..." : text;
        return cut.replaceAll("[^ -~]", "?");
    }

    /** Everything so far, by site and route. */
    public List<GuardedRoute> routes() {
        return routes.entrySet().stream()
                .map(entry -> entry.getValue()
                        .report(entry.getKey().site(), entry.getKey().route()))
                .sorted(Comparator.comparing(GuardedRoute::site).thenComparing(GuardedRoute::route))
                .toList();
    }
}
