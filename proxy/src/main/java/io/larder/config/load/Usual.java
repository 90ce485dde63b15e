package io.larder.config.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What parts of a configuration are where nothing is written, so that it need not be said of those that come and go. */
final class Usual {
    private static final Set<String> MAPS_OF_NAMES = Set.of("listeners", "upstreams", "sites");

    /** What is always said. */
    private static final Set<String> TELLING = Set.of("path", "bind", "servers", "upstream");

    private Usual() {}

    /** What is usual below {@code key} of what is usual at {@code path}; null where nobody knows. */
    static @Nullable Object child(@Nullable Object usual, String path, String key) {
        if (!(usual instanceof Map<?, ?> map)) {
            return null;
        }
        return MAPS_OF_NAMES.contains(path) ? map.values().stream().findFirst().orElse(null) : map.get(key);
    }

    /** What is usual in a list; null where nobody knows. */
    static @Nullable Object item(@Nullable Object usual) {
        return usual instanceof List<?> list && list.size() == 1 ? list.get(0) : null;
    }

    /** {@code part} without what is usual in it. */
    static Object without(Object part, @Nullable Object usual) {
        if (part instanceof List<?> list) {
            return list.stream().map(item -> without(item, item(usual))).toList();
        }
        if (!(part instanceof Map<?, ?> map) || !(usual instanceof Map<?, ?> known)) {
            return part;
        }
        Map<Object, Object> rest = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            Object same = known.get(key);
            if (TELLING.contains(String.valueOf(key)) || !value.equals(same)) {
                rest.put(key, without(value, same));
            }
        });
        return rest;
    }
}
