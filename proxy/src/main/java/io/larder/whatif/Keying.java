package io.larder.whatif;

import io.larder.http.FieldName;
import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Cookies;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a key is made of, and what was left out of it. Said by comparing the key with the request that it was made of. */
final class Keying {
    private Keying() {}

    /**
     * @param taken the request before its ignored cookies were dropped
     * @param asked the request that {@code key} was made of
     */
    static Step step(Decided decided, CacheRules rules, Request taken, Request asked, CacheKey key) {
        Step step = Step.of(Topic.KEY, url(key));
        List<String> before = parameters(asked.target().query());
        List<String> after = parameters(key.query());
        List<String> kept = new ArrayList<>(before);
        List<String> left = new ArrayList<>(after);
        kept.removeIf(parameter -> !left.remove(parameter));
        if (!kept.equals(after)) {
            step = step.note("sorted", "the parameters, by name" + where(decided, "key.query.sort"));
        }
        List<String> dropped = new ArrayList<>(before);
        after.forEach(dropped::remove);
        step = step.note("without", dropped.stream().map(Keying::name).toList());
        List<String> ignored = new ArrayList<>(Cookies.names(taken.headers()));
        ignored.removeAll(Cookies.names(asked.headers()));
        step = step.note("without cookies", ignored);
        for (FieldName name : rules.key().headers()) {
            step = step.note("header", part(name.toString(), shown(name, asked)) + where(decided, "key.headers"));
        }
        for (String cookie : rules.key().cookies()) {
            String value = Cookies.value(asked.headers(), cookie);
            String shown = value == null ? null : Masked.hidden(value);
            step = step.note("cookie", part(cookie, shown) + where(decided, "key.cookies"));
        }
        String partition = rules.key().partition();
        return partition.isEmpty()
                ? step
                : step.note("apart", "from what others store under this URL: " + withoutValues(partition));
    }

    /** Conditions stand in braces, with the values that fields and cookies must have. */
    private static String withoutValues(String partition) {
        int first = partition.indexOf('{');
        return first < 0
                ? partition
                : partition.substring(0, first) + "its match" + partition.substring(partition.lastIndexOf('}') + 1);
    }

    /** The URL in {@code key}. */
    static String url(CacheKey key) {
        return key.scheme() + "://" + key.authority() + key.pathAndQuery();
    }

    private static @Nullable String shown(FieldName name, Request asked) {
        String value = asked.headers().combined(name);
        return value == null ? null : Masked.field(name.toString(), value);
    }

    private static String part(String name, @Nullable String value) {
        return name + (value == null ? " (absent)" : ": " + value);
    }

    private static String where(Decided decided, String key) {
        String place = decided.place(key);
        return place == null ? "" : " (" + place + ")";
    }

    private static List<String> parameters(@Nullable String query) {
        return query == null ? List.of() : List.of(query.split("&", -1));
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }
}
