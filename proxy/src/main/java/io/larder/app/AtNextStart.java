package io.larder.app;

import io.larder.config.LarderConfig;
import io.larder.config.RedisConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of a configuration a running process cannot take on: what it was built around. */
final class AtNextStart {
    private AtNextStart() {}

    /**
     * The keys that say something else than what this process runs with.
     *
     * @param started the configuration that it was started with
     */
    static List<String> of(LarderConfig started, LarderConfig now) {
        List<String> keys = new ArrayList<>();
        note(keys, "admin.bind", started.admin().bind(), now.admin().bind());
        note(keys, "cache.memory", started.cache().memory(), now.cache().memory());
        RedisConfig redis = started.cache().redis();
        note(keys, "cache.redis", redis, now.cache().redis());
        if (redis != null) { // what is shared is written with it
            note(
                    keys,
                    "cache.max-lifetime",
                    started.cache().maxLifetime(),
                    now.cache().maxLifetime());
        }
        note(keys, "log.access", started.log().access(), now.log().access());
        return List.copyOf(keys);
    }

    private static void note(List<String> keys, String key, @Nullable Object started, @Nullable Object now) {
        if (!Objects.equals(started, now)) {
            keys.add(key);
        }
    }
}
