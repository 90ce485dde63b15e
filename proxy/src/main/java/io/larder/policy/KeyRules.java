package io.larder.policy;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import java.util.List;

/**
 * What, beside the target URI, a route takes into its cache keys.
 *
 * @param query which parameters count
 * @param headers fields whose values count
 * @param cookies whose values count
 * @param partition tells what this route stores from what others store under the same URL; empty for what all share
 */
public record KeyRules(Query query, List<FieldName> headers, List<String> cookies, String partition) {
    /** The target URI alone, as the client sent it. */
    public static final KeyRules PLAIN = new KeyRules(Query.WHOLE, List.of(), List.of());

    public KeyRules {
        headers = List.copyOf(headers);
        cookies = List.copyOf(cookies);
    }

    public KeyRules(Query query, List<FieldName> headers, List<String> cookies) {
        this(query, headers, cookies, "");
    }

    /** These rules for what is told apart from the rest by {@code other}. */
    public KeyRules within(String other) {
        return new KeyRules(query, headers, cookies, other);
    }

    boolean isPlain() {
        return headers.isEmpty() && cookies.isEmpty() && partition.isEmpty();
    }

    /**
     * Which query parameters count.
     *
     * @param ignore names of parameters that do not, as they are spelled
     * @param only if not empty, the names of the only parameters that do, in any spelling that origins take for them
     * @param sort whether parameters are put in the order of their names, those with one name keeping theirs
     */
    public record Query(List<Glob> ignore, List<Glob> only, boolean sort) {
        /** The query as it stands, octet by octet. */
        public static final Query WHOLE = new Query(List.of(), List.of(), false);

        public Query {
            ignore = List.copyOf(ignore);
            only = only.stream().map(KeyRules.Query::common).toList();
        }

        /** Origins that know a parameter under other spellings of its name must not see one that the key does not tell. */
        private static Glob common(Glob name) {
            String common = ParameterName.common(name.pattern());
            return common == null ? name : new Glob(common);
        }

        boolean isWhole() {
            return ignore.isEmpty() && only.isEmpty() && !sort;
        }
    }
}
