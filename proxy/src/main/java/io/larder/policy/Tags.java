package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Item;
import io.larder.http.StructuredField;
import io.larder.http.Target;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * By which names, beside its URL, a stored response can be purged. A tag is a run of octets; case counts.
 *
 * @param scope the name of the site that stores it
 * @param names all of its tags, its groups among them
 * @param groups of its origin that it is a member of (RFC 9875 §2)
 */
public record Tags(String scope, List<String> names, List<String> groups) {
    /** None. */
    public static final Tags NONE = new Tags("", List.of(), List.of());

    /** How many tags a response may bring. */
    static final int MOST = 1_000;

    /** How long one may be, in octets. */
    static final int LONGEST = 1_024;

    /** The groups that a response is in (RFC 9875 §2), a List of Strings. */
    static final FieldName CACHE_GROUPS = FieldName.of("Cache-Groups");

    /** The groups that the success of a request has changed (RFC 9875 §3), a List of Strings. */
    static final FieldName CACHE_GROUP_INVALIDATION = FieldName.of("Cache-Group-Invalidation");

    private static final List<FieldName> SPACED = List.of(FieldName.of("Surrogate-Key"), FieldName.of("xkey"));
    private static final List<FieldName> COMMAED =
            List.of(FieldName.of("Cache-Tag"), FieldName.of("X-Cache-Tags"), FieldName.of("Edge-Cache-Tag"));

    /** The fields that list tags; groups are told to all caches, so that theirs are none of these. */
    static final List<FieldName> FIELDS =
            Stream.concat(SPACED.stream(), COMMAED.stream()).toList();

    public Tags {
        names = List.copyOf(names);
        groups = List.copyOf(groups);
    }

    /**
     * The tags of a response for {@code target}.
     *
     * @return empty where they are too many or too long to be kept: a purge by one of those left out would not reach it
     */
    static Optional<Tags> of(Tagging route, Target target, Headers response) {
        Set<String> brought = of(response);
        List<String> groups = groups(response, CACHE_GROUPS);
        brought.addAll(groups);
        if (brought.size() > MOST || brought.stream().anyMatch(name -> name.length() > LONGEST)) {
            return Optional.empty();
        }
        brought.addAll(route.names().of(target));
        return Optional.of(
                brought.isEmpty() && groups.isEmpty()
                        ? route.untagged()
                        : new Tags(route.scope(), List.copyOf(brought), groups));
    }

    /** The tags that a message lists, as a response that has them or a request that purges them; groups are none. */
    public static Set<String> of(Headers message) {
        Set<String> names = new LinkedHashSet<>();
        for (FieldName field : SPACED) {
            forEach(message, field, value -> split(value, ' ', names));
        }
        for (FieldName field : COMMAED) {
            forEach(message, field, value -> split(value, ',', names));
        }
        return names;
    }

    /** Whether a message has a field that lists tags, be it empty. */
    public static boolean isListing(Headers message) {
        return SPACED.stream().anyMatch(message::contains) || COMMAED.stream().anyMatch(message::contains);
    }

    /** The strings of a List of Strings; none where the field is malformed, as it must be ignored then (RFC 9651 §4.2). */
    static List<String> groups(Headers message, FieldName field) {
        String all = message.combined(field);
        Optional<List<Item>> items = all == null ? Optional.empty() : StructuredField.list(all);
        Set<String> names = new LinkedHashSet<>();
        for (Item item : items.orElse(List.of())) {
            if (!(item instanceof Item.Text(String name))) {
                return List.of();
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    private static void forEach(Headers message, FieldName field, Consumer<String> reader) {
        for (int i = message.indexOf(field, 0); i >= 0; i = message.indexOf(field, i + 1)) {
            reader.accept(message.value(i));
        }
    }

    private static void split(String value, char separator, Collection<String> into) {
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            boolean ends = i == value.length() || isSeparator(value.charAt(i), separator);
            if (ends) {
                String name = value.substring(start, i).strip();
                if (!name.isEmpty()) {
                    into.add(name);
                }
                start = i + 1;
            }
        }
    }

    private static boolean isSeparator(char c, char separator) {
        return c == separator || (separator == ' ' && c == '\t');
    }

    /** Heap bytes that they keep alive. */
    public long weight() {
        long weight = names.isEmpty() ? 0 : 64;
        for (String name : names) {
            weight += 48 + name.length();
        }
        return weight;
    }
}
