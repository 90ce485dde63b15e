package io.larder.policy;

import io.larder.http.Glob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a query that counts for a key. Parameters keep their octets: nothing is decoded, so nothing is joined by it.
 *
 * <p>What is left out, or moved, must be what an origin takes for the parameter that the route names, and nothing else
 * beside it. Where origins read a query in more than one way, more of it counts.
 */
final class KeyQuery {
    private KeyQuery() {}

    /** What {@code rules} leave of {@code query}: null where there was none, or nothing of it counts. */
    static @Nullable String of(KeyRules.Query rules, @Nullable String query) {
        // some origins end a parameter at a semicolon: what is one to us may be two to them
        if (query == null || rules.isWhole() || query.indexOf(';') >= 0) {
            return query;
        }
        List<Parameter> kept = new ArrayList<>();
        for (String text : query.split("&", -1)) {
            Parameter parameter = new Parameter(text, ParameterName.of(text));
            if (counts(rules, parameter)) {
                kept.add(parameter);
            }
        }
        if (rules.sort()) {
            sort(kept);
        }
        // a query that was there and lost everything is the resource without parameters, but an empty one stays empty
        return kept.isEmpty() ? null : joined(kept);
    }

    private record Parameter(String text, ParameterName name) {}

    private static boolean counts(KeyRules.Query rules, Parameter parameter) {
        ParameterName name = parameter.name;
        String common = name.common();
        if (!rules.only().isEmpty() && common != null && !matches(rules.only(), common)) {
            return false;
        }
        return !name.isLiteral() || !matches(rules.ignore(), name.text());
    }

    private static boolean matches(List<Glob> globs, String name) {
        for (Glob glob : globs) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Of parameters that any origin takes for one name the order is part of the meaning: they keep theirs. */
    private static void sort(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (parameter.name.common() == null) {
                return; // it may stand for any of the others
            }
        }
        parameters.sort(Comparator.comparing(parameter -> String.valueOf(parameter.name.common())));
    }

    private static String joined(List<Parameter> parameters) {
        StringBuilder all = new StringBuilder(parameters.get(0).text);
        for (Parameter parameter : parameters.subList(1, parameters.size())) {
            all.append('&').append(parameter.text);
        }
        return all.toString();
    }
}
