package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.Grammar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of names with weights, as in {@code Accept-Encoding} and {@code Accept-Language} (RFC 9110 §12.4). */
final class QualityList {
    /** The weight of a member that names none. */
    static final int MOST = 1000;

    /** No client negotiates with longer values, but some attack with them. */
    private static final int LONGEST = 1024;

    private QualityList() {}

    /**
     * The names in lower case and their weights in thousandths, in order.
     *
     * @return null where the value is not such a list, or names something twice with two weights: nobody can say then
     *     what it means to the origin
     */
    static @Nullable Map<String, Integer> parse(String value) {
        if (value.length() > LONGEST) {
            return null;
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        List<String> members = FieldList.members(value);
        for (String member : members) {
            int semicolon = member.indexOf(';');
            String name = (semicolon < 0 ? member : member.substring(0, semicolon)).strip();
            int weight = semicolon < 0
                    ? MOST
                    : weight(member.substring(semicolon + 1).strip());
            if (weight < 0 || !Grammar.isToken(name)) {
                return null;
            }
            Integer before = weights.put(name.toLowerCase(Locale.ROOT), weight);
            if (before != null && before != weight) {
                return null;
            }
        }
        return weights;
    }

    /** {@code q=} and a {@code qvalue} (RFC 9110 §12.4.2) in thousandths, or -1. */
    private static int weight(String text) {
        if (!text.regionMatches(true, 0, "q=", 0, 2) || text.length() < 3 || text.length() > 7) {
            return -1;
        }
        char whole = text.charAt(2);
        boolean point = text.length() > 3;
        if ((whole != '0' && whole != '1') || (point && text.charAt(3) != '.')) {
            return -1;
        }
        int fraction = 0;
        for (int i = 4; i < 7; i++) {
            char digit = i < text.length() ? text.charAt(i) : '0';
            if (digit < '0' || digit > '9') {
                return -1;
            }
            fraction = fraction * 10 + (digit - '0');
        }
        int weight = (whole - '0') * MOST + fraction;
        return weight > MOST ? -1 : weight;
    }
}
