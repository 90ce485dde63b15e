package io.larder.policy;

import io.larder.http.Glob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a query that counts for a key. Parameters keep their octets: nothing is decoded, so nothing is joined by it. */
final class KeyQuery {
    private KeyQuery() {}

    /** What {@code rules} leave of {@code query}: null where there was none, or nothing of it counts. */
    static @Nullable String of(KeyRules.Query rules, @Nullable String query) {
        if (query == null || rules.isWhole()) {
            return query;
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            if (counts(rules, parameter)) {
                kept.add(parameter);
            }
        }
        if (rules.sort()) {
            // stable: of parameters with one name the order is part of the meaning
            kept.sort(Comparator.comparing(KeyQuery::name));
        }
        // a query that was there and lost everything is the resource without parameters, but an empty one stays empty
        return kept.isEmpty() ? null : String.join("&", kept);
    }

    private static boolean counts(KeyRules.Query rules, String parameter) {
        int end = name(parameter).length();
        if (!rules.only().isEmpty() && !matches(rules.only(), parameter, end)) {
            return false;
        }
        return !matches(rules.ignore(), parameter, end);
    }

    private static boolean matches(List<Glob> globs, String parameter, int end) {
        for (Glob glob : globs) {
            if (glob.matches(parameter, 0, end)) {
                return true;
            }
        }
        return false;
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }
}
