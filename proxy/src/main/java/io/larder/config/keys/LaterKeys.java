package io.larder.config.keys;

import io.larder.config.bind.Later;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys that are reserved for features which are not there yet. A feature that comes takes its key out of this table. */
public final class LaterKeys {
    private static final Map<String, Set<String>> KEYS = Map.ofEntries(
            Map.entry("larder", Set.of("tracing")),
            Map.entry("route", Set.of("request-buffering")),
            Map.entry("metrics", Set.of("otlp")));

    private static final Set<String> OFF_BY_DEFAULT = Set.of("request-buffering", "otlp");

    private LaterKeys() {}

    /** As {@link Later.Table#of}. */
    public static Later of(String section, String key, Node value) {
        if (!KEYS.getOrDefault(section, Set.of()).contains(key)) {
            return Later.UNKNOWN;
        }
        boolean off =
                value instanceof ScalarNode scalar && Set.of("off", "false").contains(scalar.getValue());
        return off && OFF_BY_DEFAULT.contains(key) ? Later.OFF : Later.ON;
    }
}
