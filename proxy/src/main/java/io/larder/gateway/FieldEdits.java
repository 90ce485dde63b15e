package io.larder.gateway;

import io.larder.http.FieldName;
import io.larder.http.Headers;
import java.util.List;
import java.util.Map;

/**
 * Changes to a message's fields that a site asks for.
 *
 * @param set replaced or added, one line each
 * @param remove dropped
 */
public record FieldEdits(Map<FieldName, String> set, List<FieldName> remove) {
    /** No changes. */
    public static final FieldEdits NONE = new FieldEdits(Map.of(), List.of());

    public FieldEdits {
        set = Map.copyOf(set);
        remove = List.copyOf(remove);
    }

    boolean isEmpty() {
        return set.isEmpty() && remove.isEmpty();
    }

    Headers apply(Headers headers) {
        var edited = headers.toBuilder();
        remove.forEach(edited::remove);
        set.forEach(edited::set);
        return edited.build();
    }
}
