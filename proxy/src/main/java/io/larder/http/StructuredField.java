package io.larder.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Structured fields (RFC 9651 §4.2). All or nothing: one octet out of place, and the field is as if absent. Parameters
 * are read, because they must be well-formed, and dropped.
 */
public final class StructuredField {
    private StructuredField() {}

    /** What one of the three forms of a field is read into. */
    private interface Form<T> {
        T read(ItemReader in) throws ItemReader.Invalid;
    }

    /** The members of a Dictionary (§3.2) by key, the last of equal keys; empty where the text is none. */
    public static Optional<Map<String, Item>> dictionary(String text) {
        return whole(text, StructuredField::members);
    }

    /** The members of a List (§3.1), inner lists among them; empty where the text is none. */
    public static Optional<List<Item>> list(String text) {
        return whole(text, StructuredField::items);
    }

    /** The one Item (§3.3) that the text is; empty where it is none. */
    public static Optional<Item> item(String text) {
        return whole(text, ItemReader::item);
    }

    private static <T> Optional<T> whole(String text, Form<T> form) {
        ItemReader in = new ItemReader(text);
        try {
            in.skip(' ');
            T value = form.read(in);
            in.skip(' ');
            return in.isAtEnd() ? Optional.of(value) : Optional.empty();
        } catch (ItemReader.Invalid none) {
            return Optional.empty();
        }
    }

    private static List<Item> items(ItemReader in) throws ItemReader.Invalid {
        List<Item> items = new ArrayList<>();
        while (!in.isAtEnd()) {
            items.add(member(in));
            nextMember(in);
        }
        return List.copyOf(items);
    }

    private static Map<String, Item> members(ItemReader in) throws ItemReader.Invalid {
        Map<String, Item> members = new LinkedHashMap<>();
        while (!in.isAtEnd()) {
            String key = in.key();
            Item value = new Item.Switch(true);
            if (in.peek() == '=') {
                in.take('=');
                value = member(in);
            } else {
                in.parameters();
            }
            members.put(key, value); // the last of equal keys, at the first one's place (§4.2.2)
            nextMember(in);
        }
        return Collections.unmodifiableMap(members);
    }

    /** Moves past the comma to the next member, or to the end; a comma at the end is an error (§4.2.1). */
    private static void nextMember(ItemReader in) throws ItemReader.Invalid {
        in.skipOws();
        if (in.isAtEnd()) {
            return;
        }
        in.take(',');
        in.skipOws();
        if (in.isAtEnd()) {
            throw new ItemReader.Invalid();
        }
    }

    private static Item member(ItemReader in) throws ItemReader.Invalid {
        return in.peek() == '(' ? inner(in) : in.item();
    }

    private static Item inner(ItemReader in) throws ItemReader.Invalid {
        in.take('(');
        List<Item> items = new ArrayList<>();
        in.skip(' ');
        while (in.peek() != ')') {
            items.add(in.item());
            if (in.peek() != ' ' && in.peek() != ')') {
                throw new ItemReader.Invalid();
            }
            in.skip(' ');
        }
        in.take(')');
        in.parameters();
        return new Item.Inner(items);
    }
}
