package io.larder.config.load;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.keys.Fronting;
import io.larder.config.keys.LarderKeys;
import io.larder.config.source.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What sets one configuration apart from another, defaults filled in, wherever it is written. Confined to one comparison. */
public final class ConfigDifference {
    private static final String REDIS = "cache.redis";

    /**
     * A part of a configuration.
     *
     * @param key under which it stands; empty for an item of a list, and for the whole
     * @param field whether that is the name of a header field
     */
    private record Part(Object real, String key, boolean field) {
        @Nullable
        Part child(Object name) {
            Object value = real instanceof Map<?, ?> map ? map.get(name) : null;
            return value == null ? null : new Part(value, String.valueOf(name), EffectiveConfig.holdsFields(key));
        }

        List<Part> items() {
            return real instanceof List<?> list
                    ? list.stream().map(item -> new Part(item, "", false)).toList()
                    : List.of();
        }

        /** As it may be shown. */
        Object shown() {
            return EffectiveConfig.withoutValues(real, key, field);
        }

        boolean isMap() {
            return real instanceof Map<?, ?>;
        }

        boolean isList() {
            return real instanceof List<?>;
        }
    }

    /**
     * Where a part stands.
     *
     * @param route see {@link Change#route}
     * @param usual what a part there is when nothing is written; null where nobody knows
     */
    private record Spot(String path, String route, @Nullable Object usual) {
        Spot key(String key) {
            return new Spot(path.isEmpty() ? key : path + "." + key, route, Usual.child(usual, path, key));
        }

        Spot item(int index, Part item) {
            boolean named = item.real() instanceof Map<?, ?> map && map.containsKey("path") && path.endsWith(".routes");
            String of = named && item.real() instanceof Map<?, ?> map ? String.valueOf(map.get("path")) : route;
            return new Spot(path + "[" + index + "]", of, Usual.item(usual));
        }

        String text(Part part) {
            return Inline.text(Usual.without(part.shown(), usual));
        }
    }

    /** A configuration of one of each kind, of which next to nothing is written. */
    private static final @Nullable Object USUAL =
            Fronting.of("http://127.0.0.1:1", ":1") instanceof Loaded.Good(LarderConfig config, var warnings)
                    ? LarderKeys.SECTION.write(config)
                    : null;

    private final List<Change> changes = new ArrayList<>();

    private ConfigDifference() {}

    /** What has changed from {@code before} to {@code after}, in the order of the configuration. */
    public static List<Change> between(LarderConfig before, LarderConfig after) {
        ConfigDifference difference = new ConfigDifference();
        difference.compare(new Spot("", "", USUAL), part(before), part(after));
        difference.addSecret(before, after);
        return List.copyOf(difference.changes);
    }

    private static Part part(LarderConfig config) {
        return new Part(LarderKeys.SECTION.write(config), "", false);
    }

    /** A password in a URI is masked in the tree already. */
    private void addSecret(LarderConfig before, LarderConfig after) {
        boolean differs = !Objects.equals(before.cache().redis(), after.cache().redis());
        if (differs && changes.stream().noneMatch(change -> change.path().startsWith(REDIS))) {
            changes.add(new Change.Changed(REDIS + ".uri", "", Secrets.MASK, Secrets.MASK));
        }
    }

    private void compare(Spot spot, Part before, Part after) {
        if (before.real().equals(after.real())) {
            return;
        }
        if (before.isMap() && after.isMap()) {
            maps(spot, before, after);
        } else if (before.isList() && after.isList()) {
            lists(spot, before, after);
        } else {
            changes.add(new Change.Changed(spot.path(), spot.route(), spot.text(before), spot.text(after)));
        }
    }

    private void maps(Spot spot, Part before, Part after) {
        Set<Object> keys = new LinkedHashSet<>();
        keys.addAll(after.real() instanceof Map<?, ?> map ? map.keySet() : Set.of());
        keys.addAll(before.real() instanceof Map<?, ?> map ? map.keySet() : Set.of());
        for (Object key : keys) {
            Spot below = spot.key(String.valueOf(key));
            Part old = before.child(key);
            Part now = after.child(key);
            if (old != null && now != null) {
                compare(below, old, now);
            } else if (now != null) {
                changes.add(new Change.Added(below.path(), below.route(), below.text(now)));
            } else if (old != null) {
                changes.add(new Change.Removed(below.path(), below.route(), below.text(old)));
            }
        }
    }

    /** Items are known by their names: one that is put in is not a change of all that follow. */
    private void lists(Spot spot, Part before, Part after) {
        int reported = changes.size();
        List<Part> olds = before.items();
        List<Part> items = after.items();
        Map<String, Integer> old = names(olds);
        Map<String, Integer> now = names(items);
        Set<String> stayed = spot.path().endsWith(".routes") ? Order.kept(old, now) : now.keySet();
        now.forEach((name, index) -> {
            Part item = items.get(index);
            Spot below = spot.item(index, item);
            Integer from = old.get(name);
            if (from == null) {
                changes.add(new Change.Added(path(spot, below, item), below.route(), below.text(item)));
                return;
            }
            if (!stayed.contains(name)) {
                changes.add(new Change.Moved(below.path(), below.route(), from));
            }
            compare(below, olds.get(from), item);
        });
        old.forEach((name, index) -> {
            if (!now.containsKey(name)) {
                Part item = olds.get(index);
                Spot below = spot.item(index, item);
                changes.add(new Change.Removed(path(spot, below, item), below.route(), below.text(item)));
            }
        });
        if (changes.size() == reported) {
            changes.add(new Change.Changed(spot.path(), spot.route(), spot.text(before), spot.text(after)));
        }
    }

    /** A plain value says itself what it is; where it stands means nothing. */
    private static String path(Spot list, Spot item, Part part) {
        return part.isMap() ? item.path() : list.path();
    }

    /** The place of each item, by a name that no other has. */
    private static Map<String, Integer> names(List<Part> items) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String name = name(items.get(i).real());
            String unique = name;
            for (int n = 2; places.containsKey(unique); n++) {
                unique = name + " #" + n;
            }
            places.put(unique, i);
        }
        return places;
    }

    private static String name(Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            return String.valueOf(item);
        }
        if (map.containsKey("path")) {
            return map.get("path") + " " + map.get("name");
        }
        return String.valueOf(map.containsKey("address") ? map.get("address") : map);
    }
}
