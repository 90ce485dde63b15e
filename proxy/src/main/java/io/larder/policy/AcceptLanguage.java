package io.larder.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which languages a request prefers (RFC 9110 §12.5.4), as groups of ranges that it likes equally, the best first. Case
 * does not count (RFC 5646 §2.1.1), nor the order of equals, nor how far weights lie apart: a language priority list
 * (RFC 4647 §2.3) is an order.
 */
final class AcceptLanguage {
    private final List<SortedSet<String>> groups;
    private final SortedSet<String> refused;

    private AcceptLanguage(List<SortedSet<String>> groups, SortedSet<String> refused) {
        this.groups = groups;
        this.refused = refused;
    }

    /** Reads a field value; null where it makes no sense. */
    static @Nullable AcceptLanguage parse(String value) {
        Map<String, Integer> weights = QualityList.parse(value);
        if (weights == null) {
            return null;
        }
        List<SortedSet<String>> groups = new ArrayList<>();
        SortedSet<String> refused = new TreeSet<>();
        List<Integer> steps = weights.values().stream()
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        for (int step : steps) {
            SortedSet<String> group = step == 0 ? refused : new TreeSet<>();
            weights.forEach((range, weight) -> {
                if (weight == step) {
                    group.add(range);
                }
            });
            if (step > 0) {
                groups.add(group);
            }
        }
        return new AcceptLanguage(groups, refused);
    }

    /** The one language that is preferred to all others, in lower case; null where several are, or any will do. */
    @Nullable
    String favourite() {
        if (groups.isEmpty() || groups.get(0).size() > 1) {
            return null;
        }
        String only = groups.get(0).first();
        return only.equals("*") ? null : only;
    }

    /** The same text for requests that negotiate alike. */
    @Override
    public String toString() {
        return groups + "!" + refused;
    }
}
