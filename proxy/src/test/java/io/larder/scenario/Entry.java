package io.larder.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A mapping in a scenario file, read key by key: what nobody asked for by {@link #end} is a mistake. */
final class Entry {
    private final String place;
    private final Map<String, Object> all = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    /** @param place named in complaints */
    Entry(String place, Object node) {
        this.place = place;
        if (!(node instanceof Map<?, ?> map)) {
            throw new BadScenario(place + ": expected keys and values, found: " + node);
        }
        map.forEach((key, value) -> all.put(String.valueOf(key), value));
    }

    String place() {
        return place;
    }

    boolean has(String key) {
        known.add(key);
        return all.containsKey(key);
    }

    /** @throws BadScenario where it is missing */
    Object node(String key) {
        Object node = has(key) ? all.get(key) : null;
        if (node == null) {
            throw new BadScenario(place + ": '" + key + "' is missing");
        }
        return node;
    }

    String text(String key) {
        if (node(key) instanceof String text) {
            return text;
        }
        throw new BadScenario(place + ": '" + key + "' must be a text or a number");
    }

    @Nullable
    String textOrNull(String key) {
        return has(key) ? text(key) : null;
    }

    int number(String key, int otherwise) {
        String text = textOrNull(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadScenario(place + ": '" + key + "' must be a number, not " + text);
        }
    }

    boolean flag(String key) {
        String text = textOrNull(key);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new BadScenario(place + ": '" + key + "' must be true or false, not " + text);
        }
        return "true".equals(text);
    }

    /** The items under {@code key}: none where it is absent, one where it is no list. */
    List<Object> items(String key) {
        return has(key) ? listOf(node(key)) : List.of();
    }

    /** The texts under {@code key}, likewise. */
    List<String> texts(String key) {
        return items(key).stream().map(String::valueOf).toList();
    }

    /** Fields: a name with a value, or with a list of values for as many lines. */
    Map<String, List<String>> fields(String key) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (has(key)) {
            Entry lines = new Entry(place + ", " + key, node(key));
            lines.all.forEach((name, value) ->
                    fields.put(name, listOf(value).stream().map(String::valueOf).toList()));
        }
        return fields;
    }

    private static List<Object> listOf(Object node) {
        return node instanceof List<?> list ? new ArrayList<>(list) : List.of(node);
    }

    /** @throws BadScenario where there are keys that nobody asked for */
    void end() {
        Set<String> unknown = new TreeSet<>(all.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new BadScenario(place + ": unknown " + unknown + "; known here are " + known);
        }
    }
}
