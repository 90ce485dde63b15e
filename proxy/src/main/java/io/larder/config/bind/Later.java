package io.larder.config.bind;

import org.snakeyaml.engine.v2.nodes.Node;

/** What is to be said of a key that a section does not have. */
public enum Later {
    UNKNOWN,
    ON,
    /** Reserved, and written as off, which is how it is. */
    OFF;

    /** Knows the keys that are reserved for features which are not there yet. */
    @FunctionalInterface
    public interface Table {
        /** What {@code key}, with this value, is to the section of that name. */
        Later of(String section, String key, Node value);
    }
}
