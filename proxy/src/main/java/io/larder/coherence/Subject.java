package io.larder.coherence;

import java.util.ArrayList;
import java.util.List;

/**
 * What purges are held against: a value that says under which names something is stored, or would be.
 *
 * @param authority as in {@link Purge}
 * @param pathAndQuery as in {@link Purge}
 * @param scope the name of the site that stores it
 * @param tags all of them, names of groups included
 * @param groups it is a member of (RFC 9875)
 */
public record Subject(String authority, String pathAndQuery, String scope, List<String> tags, List<String> groups) {
    public Subject {
        tags = List.copyOf(tags);
        groups = List.copyOf(groups);
    }

    /** Something of which no more than its URL is known. */
    public Subject(String authority, String pathAndQuery) {
        this(authority, pathAndQuery, "", List.of(), List.of());
    }

    /** The exact purges that cover it: there are no others. */
    public List<Purge> names() {
        List<Purge> names = new ArrayList<>(1 + 2 * tags.size() + groups.size());
        names.add(new Purge.Url(authority, pathAndQuery));
        for (String tag : tags) {
            names.add(new Purge.Tag(tag));
            if (!scope.isEmpty()) {
                names.add(new Purge.Tag(tag, scope));
            }
        }
        for (String group : groups) {
            names.add(new Purge.Group(authority, group));
        }
        return names;
    }
}
