package io.larder.config.bind;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** One kind of value: how it is read from YAML, written back, and described to editors. */
public interface Type<T> {
    /** The value; null after at least one problem was reported. */
    @Nullable
    T read(Node node, Binding binding);

    /** The value as a tree of maps, lists and scalars which reads as an equal value. */
    Object write(T value);

    /** The JSON Schema of what {@link #read} accepts; shared parts are put into {@code definitions}. */
    Map<String, Object> schema(Map<String, Object> definitions);
}
