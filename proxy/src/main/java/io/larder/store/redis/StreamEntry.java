package io.larder.store.redis;

import java.util.Map;

/**
 * A value: one entry of a stream.
 *
 * @param id milliseconds, a dash and a number: the order of entries
 */
public record StreamEntry(String id, Map<String, byte[]> fields) {
    public StreamEntry {
        fields = Map.copyOf(fields);
    }
}
