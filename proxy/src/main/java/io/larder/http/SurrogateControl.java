package io.larder.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code Surrogate-Control} (Edge Architecture Specification 1.0 §2.3): what an origin says to the gateways in front of it,
 * in the grammar of {@code Cache-Control}, whose directives are understood too. {@code no-store-remote} is for surrogates
 * far from the origin, which Larder is not.
 */
public final class SurrogateControl {
    /** How Larder is called where a directive is for one surrogate alone ({@code max-age=60;larder}). */
    private static final String DEVICE = "larder";

    private SurrogateControl() {}

    /**
     * The directives for us, {@code content} among them; {@code max-age=N+M} has become {@code max-age=N} and
     * {@code stale-while-revalidate=M}.
     *
     * @return empty where none of them says whether, or for how long, the response may be stored
     */
    public static Optional<CacheControl> parse(Headers headers) {
        if (!headers.contains(Fields.SURROGATE_CONTROL)) {
            return Optional.empty();
        }
        List<String> common = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        for (String member : FieldList.of(headers, Fields.SURROGATE_CONTROL)) {
            int end = endOfDirective(member);
            String directive = FieldList.trim(member, 0, end);
            if (end == member.length()) {
                addTo(common, directive);
            } else if (FieldList.trim(member, end + 1, member.length()).equalsIgnoreCase(DEVICE)) {
                addTo(ours, directive);
            }
        }
        ours.addAll(common); // of equal directives the first counts: what is for us alone goes before what is for all
        // (§2.4)
        CacheControl control = CacheControl.parse(ours);
        return decides(control) ? Optional.of(control) : Optional.empty();
    }

    /**
     * Whether the response is to be processed as {@code language} says, such as {@code ESI/1.0}: {@code content} lists it (§2.3),
     * for us or for all; what is for us alone goes before what is for all.
     */
    public static boolean asksFor(Headers headers, String language) {
        if (!headers.contains(Fields.SURROGATE_CONTROL)) {
            return false;
        }
        String common = null;
        for (String member : FieldList.of(headers, Fields.SURROGATE_CONTROL)) {
            int end = endOfDirective(member);
            String content =
                    CacheControl.parse(List.of(FieldList.trim(member, 0, end))).argument("content");
            if (content == null) {
                continue;
            }
            if (end == member.length()) {
                common = common == null ? content : common;
            } else if (FieldList.trim(member, end + 1, member.length()).equalsIgnoreCase(DEVICE)) {
                return lists(content, language);
            }
        }
        return common != null && lists(common, language);
    }

    private static boolean lists(String content, String language) {
        return Arrays.asList(content.strip().split("\\s+")).contains(language);
    }

    private static boolean decides(CacheControl control) {
        return control.has("max-age")
                || control.has("s-maxage")
                || control.has("no-store")
                || control.has("no-cache")
                || control.has("private");
    }

    private static void addTo(List<String> directives, String directive) {
        int plus = directive.indexOf('+');
        if (plus < 0 || !directive.toLowerCase(Locale.ROOT).startsWith("max-age=")) {
            directives.add(directive);
            return;
        }
        directives.add(directive.substring(0, plus));
        directives.add("stale-while-revalidate=" + directive.substring(plus + 1));
    }

    /** Where the name of the surrogate that it is for begins, or the end. */
    private static int endOfDirective(String member) {
        boolean quoted = false;
        for (int i = 0; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == ';') {
                return i;
            }
        }
        return member.length();
    }
}
