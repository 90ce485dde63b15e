package io.larder.config.load;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the items of a list have moved: as few as explain the order that there is now. */
final class Order {
    private Order() {}

    /**
     * The names that are in both, and stand in the same order: as many as possible, a longest increasing subsequence.
     *
     * @param before the place of each name, in the order of places
     * @param after likewise
     */
    static Set<String> kept(Map<String, Integer> before, Map<String, Integer> after) {
        List<String> names = after.keySet().stream().filter(before::containsKey).toList();
        int[] places =
                names.stream().mapToInt(name -> before.getOrDefault(name, 0)).toArray();
        int[] ends = new int[places.length]; // by length less 1: where the best run of that length ends
        int[] previous = new int[places.length];
        int longest = 0;
        for (int i = 0; i < places.length; i++) {
            int length = shorter(places, ends, longest, places[i]);
            previous[i] = length == 0 ? -1 : ends[length - 1];
            ends[length] = i;
            longest = Math.max(longest, length + 1);
        }
        Set<String> kept = new HashSet<>();
        for (int at = longest == 0 ? -1 : ends[longest - 1]; at >= 0; at = previous[at]) {
            kept.add(names.get(at));
        }
        return kept;
    }

    /** How many runs, in order of their lengths, end before {@code place}. */
    private static int shorter(int[] places, int[] ends, int longest, int place) {
        int low = 0;
        int high = longest;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (places[ends[middle]] < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
