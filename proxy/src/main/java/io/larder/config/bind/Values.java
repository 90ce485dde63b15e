package io.larder.config.bind;

import io.larder.config.source.Origin;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a section's keys, on their way into a record. Confined to one loading. */
public final class Values<R> {
    private final String name;
    private final Origin origin;
    private final @Nullable Report report;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    /** {@code report} is null where the values are known to be good. */
    public Values(String name, Origin origin, @Nullable Report report) {
        this.name = name;
        this.origin = origin;
        this.report = report;
    }

    /** The name under which the section stands in its map, or its key. */
    public String name() {
        return name;
    }

    /** Where the section is written. */
    public Origin origin() {
        return origin;
    }

    /** Sets a value that no file holds. */
    public <T> Values<R> with(Key<R, T> key, T value) {
        values.put(key.name(), value);
        return this;
    }

    void put(Key<R, ?> key, Object value, Place place) {
        values.put(key.name(), value);
        places.put(key.name(), place);
    }

    /** Whether the key is written, or set by {@link #with}. */
    public boolean wrote(Key<R, ?> key) {
        return values.containsKey(key.name());
    }

    /** The value as written, or the default; null when there is neither. */
    @SuppressWarnings("unchecked") // put under this key by this key's type
    public <T> @Nullable T find(Key<R, T> key) {
        Object value = values.get(key.name());
        return value == null ? key.fallback() : (T) value;
    }

    /** The value of a key that is required or has a default. */
    public <T> T get(Key<R, T> key) {
        T value = find(key);
        if (value == null) {
            throw new IllegalStateException("no value for " + key.name());
        }
        return value;
    }

    /** Reports an error at the key's value. */
    public void error(Key<R, ?> key, String message, @Nullable String suggestion) {
        if (report != null) {
            report.error(place(key), message, suggestion);
        }
    }

    /** Reports a warning at the key's value. */
    public void warning(Key<R, ?> key, String message, @Nullable String suggestion) {
        if (report != null) {
            report.warning(place(key), message, suggestion);
        }
    }

    private Place place(Key<R, ?> key) {
        return places.getOrDefault(key.name(), origin.place());
    }
}
