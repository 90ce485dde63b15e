package io.larder.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Targeted cache-control fields (RFC 9213 §2.1): the directives of {@code Cache-Control}, written as a structured Dictionary. */
public final class TargetedField {
    /** What an argument of the wrong type becomes: no duration, and no list of fields. */
    private static final String NONSENSE = "";

    private TargetedField() {}

    /** The directives of all lines called {@code name}; empty where there is no such field, or it is empty or malformed. */
    public static Optional<CacheControl> parse(Headers headers, FieldName name) {
        String value = headers.combined(name);
        return value == null
                ? Optional.empty()
                : StructuredField.dictionary(value)
                        .filter(members -> !members.isEmpty())
                        .map(TargetedField::directives);
    }

    private static CacheControl directives(Map<String, Item> members) {
        Map<String, String> directives = HashMap.newHashMap(members.size());
        members.forEach((name, value) -> {
            if (holds(name, value)) {
                directives.put(name, argument(name, value));
            }
        });
        return CacheControl.of(directives);
    }

    /** A directive that is said to be false is not said; a restriction is honoured in whatever form it comes. */
    private static boolean holds(String name, Item value) {
        return switch (name) {
            case "no-store", "no-cache", "private" -> true;
            default -> !value.equals(new Item.Switch(false));
        };
    }

    private static String argument(String name, Item value) {
        return switch (name) {
            case "max-age", "s-maxage", "stale-while-revalidate", "stale-if-error" -> seconds(value);
            default -> text(value);
        };
    }

    /** An Integer, and nothing that looks like one (RFC 9213 §2.1). */
    private static String seconds(Item value) {
        return value instanceof Item.Whole(long seconds) ? Long.toString(seconds) : NONSENSE;
    }

    private static String text(Item value) {
        return switch (value) {
            case Item.Text(String text) -> text;
            case Item.Token(String token) -> token;
            case Item.Whole whole -> NONSENSE;
            case Item.Decimal decimal -> NONSENSE;
            case Item.Octets octets -> NONSENSE;
            case Item.Switch on -> NONSENSE;
            case Item.Moment moment -> NONSENSE;
            case Item.Display display -> NONSENSE;
            case Item.Inner inner -> NONSENSE;
        };
    }
}
