package io.larder.config.source;

import io.larder.config.source.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The problems found so far and the lines they are shown with, without secrets. Confined to one loading. */
public final class Report {
    private static final int MOST = 100;

    private final Map<String, List<String>> lines = new HashMap<>();
    private final Map<String, Integer> order = new HashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private int errors;

    /** Makes the lines of a file known. */
    public void source(String file, String text) {
        order.putIfAbsent(file, order.size());
        lines.put(file, List.of(text.split("\r\n|\r|\n", -1)));
    }

    /** Notes an error; {@code suggestion} is null where nothing helps. */
    public void error(Place place, String message, @Nullable String suggestion) {
        errors++;
        add(place, Severity.ERROR, message, suggestion);
    }

    /** Notes a warning; {@code suggestion} is null where nothing helps. */
    public void warning(Place place, String message, @Nullable String suggestion) {
        add(place, Severity.WARNING, message, suggestion);
    }

    /** How many errors were reported; those past the limit count too. */
    public int errors() {
        return errors;
    }

    /** By file, in the order of reading, then by line and column. */
    public List<Problem> problems() {
        Comparator<Problem> byFile =
                Comparator.comparing(p -> order.getOrDefault(p.place().file(), -1));
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(byFile.thenComparingInt(p -> p.place().line())
                .thenComparingInt(p -> p.place().column()));
        if (sorted.size() > MOST) {
            Problem last = sorted.get(MOST - 1);
            String message = "more than " + MOST + " problems: the rest is not shown";
            return List.copyOf(withLast(sorted, new Problem(last.place(), last.severity(), message, null, null)));
        }
        return List.copyOf(sorted);
    }

    private static List<Problem> withLast(List<Problem> sorted, Problem last) {
        List<Problem> shown = new ArrayList<>(sorted.subList(0, MOST));
        shown.add(last);
        return shown;
    }

    private void add(Place place, Severity severity, String message, @Nullable String suggestion) {
        if (problems.size() <= MOST) {
            String shown = suggestion == null ? null : Secrets.inMessage(suggestion);
            problems.add(new Problem(place, severity, Secrets.inMessage(message), line(place), shown));
        }
    }

    private @Nullable String line(Place place) {
        List<String> file = lines.getOrDefault(place.file(), List.of());
        boolean known = place.line() >= 1 && place.line() <= file.size();
        return known ? Secrets.redacted(file.get(place.line() - 1)) : null;
    }
}
