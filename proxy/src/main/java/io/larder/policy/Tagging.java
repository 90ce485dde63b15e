package io.larder.policy;

import io.larder.http.Target;
import java.util.List;

/**
 * By which names what a route stores can be purged, beside those that responses bring.
 *
 * @param scope the name of the route's site: what it stores is purged by tags of its own
 * @param names the route's tags
 * @param untagged what is stored by none: one value for all that is
 */
public record Tagging(String scope, Names names, Tags untagged) {
    /** Names that stand in no set yet. */
    public Tagging(String scope, Names names) {
        this(scope, names, new Tags(scope, List.of(), List.of()));
    }

    /** No names of the route's. */
    public static final Tagging NONE = new Tagging("", target -> List.of());

    /** Which tags a route gives to what it stores. */
    @FunctionalInterface
    public interface Names {
        /** The tags of the response for {@code target}; the same for every spelling that an origin may decode. */
        List<String> of(Target target);
    }
}
