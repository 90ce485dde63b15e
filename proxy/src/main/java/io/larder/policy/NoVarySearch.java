package io.larder.policy;

import io.larder.http.Fields;
import io.larder.http.FormQuery;
import io.larder.http.Headers;
import io.larder.http.Item;
import io.larder.http.StructuredField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a response says of the queries that it answers as well as its own ({@code No-Vary-Search},
 * draft-ietf-httpbis-no-vary-search).
 *
 * @param ordered whether the order of parameters counts
 * @param only whether {@code names} are the only parameters that count, or those that do not
 * @param names decoded
 */
public record NoVarySearch(boolean ordered, boolean only, Set<String> names) {
    private static final NoVarySearch NOTHING = new NoVarySearch(true, false, Set.of());

    public NoVarySearch {
        names = Set.copyOf(names);
    }

    /** What {@code response} says; empty where that is nothing, or makes no sense: then queries are compared as they stand. */
    public static Optional<NoVarySearch> of(Headers response) {
        String value = response.combined(Fields.NO_VARY_SEARCH);
        return value == null
                ? Optional.empty()
                : StructuredField.dictionary(value).flatMap(NoVarySearch::of).filter(rule -> !rule.equals(NOTHING));
    }

    private static Optional<NoVarySearch> of(Map<String, Item> members) {
        boolean ordered = true;
        Item order = members.get("key-order");
        if (order != null) {
            if (!(order instanceof Item.Switch(boolean any))) {
                return Optional.empty();
            }
            ordered = !any;
        }
        Item params = members.getOrDefault("params", new Item.Switch(false));
        Item except = members.get("except");
        boolean none = params instanceof Item.Switch(boolean on) && on;
        if (except != null && !none) {
            return Optional.empty();
        }
        boolean listed = except != null || !(params instanceof Item.Switch);
        Set<String> names = listed ? names(except != null ? except : params) : Set.of();
        return names == null ? Optional.empty() : Optional.of(new NoVarySearch(ordered, none, names));
    }

    /** The names in an inner list of strings, decoded; null where it is none. */
    private static @Nullable Set<String> names(Item item) {
        if (!(item instanceof Item.Inner(List<Item> items))) {
            return null;
        }
        Set<String> names = new HashSet<>();
        for (Item name : items) {
            if (!(name instanceof Item.Text(String text))) {
                return null;
            }
            names.add(FormQuery.decoded(text));
        }
        return names;
    }

    /** Whether two raw queries are equivalent. */
    public boolean joins(@Nullable String one, @Nullable String other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * The same text for queries that are equivalent, whoever reads them, and for no others.
     *
     * @param query raw; null where there is none
     */
    public String canonical(@Nullable String query) {
        List<FormQuery.Pair> counted = new ArrayList<>();
        for (FormQuery.Pair pair : FormQuery.parse(query)) {
            if (isAmbiguous(pair)) {
                return "?" + query;
            }
            if (names.contains(pair.name()) == only) {
                counted.add(pair);
            }
        }
        if (!ordered) {
            counted.sort(Comparator.comparing(FormQuery.Pair::name)); // stable: those with one name keep their order
        }
        StringBuilder text = new StringBuilder();
        for (FormQuery.Pair pair : counted) {
            text.append(pair.name().length()).append(':').append(pair.name());
            text.append(pair.value().length()).append(':').append(pair.value());
        }
        return text.toString();
    }

    /** Whether origins read it in more than one way: as two at a semicolon, or as other text where it is no UTF-8. */
    private static boolean isAmbiguous(FormQuery.Pair pair) {
        String text = pair.name() + pair.value();
        return text.indexOf(';') >= 0 || text.indexOf('\uFFFD') >= 0;
    }
}
