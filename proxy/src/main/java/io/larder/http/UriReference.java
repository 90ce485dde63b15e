package io.larder.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** References in {@code Location}-like fields, resolved against the request they answer (RFC 3986 §5). Total. */
public final class UriReference {
    private UriReference() {}

    /**
     * What {@code reference}, found in a response to {@code base}, points to.
     *
     * @return null when it is no http or https URI with a valid authority
     */
    public static @Nullable Target resolve(Target base, String reference) {
        String text = withoutFragment(reference);
        if (text.startsWith("//")) {
            return hierarchical(base.scheme(), text);
        }
        int colon = endOfScheme(text);
        if (colon >= 0) {
            String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
            boolean ours = scheme.equals("http") || scheme.equals("https");
            return ours && text.startsWith("//", colon + 1) ? hierarchical(scheme, text.substring(colon + 1)) : null;
        }
        if (text.isEmpty()) {
            return base;
        }
        return base.withPathAndQuery(relative(base.path(), text));
    }

    private static String withoutFragment(String reference) {
        int hash = reference.indexOf('#');
        return hash < 0 ? reference : reference.substring(0, hash);
    }

    /** Where the colon after a scheme stands, or -1 (RFC 3986 §3.1). */
    private static int endOfScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i == 0 ? -1 : i;
            }
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean rest = i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.');
            if (!letter && !rest) {
                return -1;
            }
        }
        return -1;
    }

    /** From {@code //authority/path?query}. */
    private static @Nullable Target hierarchical(String scheme, String text) {
        int end = 2;
        while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
            end++;
        }
        Authority authority = Authority.parse(text.substring(2, end));
        if (authority == null) {
            return null;
        }
        String rest = text.substring(end);
        String rooted = rest.startsWith("/") ? rest : "/" + rest;
        return new Target(scheme, authority, "/", null).withPathAndQuery(withoutDots(rooted));
    }

    private static String relative(String basePath, String text) {
        if (text.startsWith("/")) {
            return withoutDots(text);
        }
        if (text.startsWith("?")) {
            return basePath + text;
        }
        return withoutDots(basePath.substring(0, basePath.lastIndexOf('/') + 1) + text);
    }

    /** {@code remove_dot_segments} (RFC 3986 §5.2.4) for the path of {@code rooted}; its query stays as it is. */
    private static String withoutDots(String rooted) {
        int mark = rooted.indexOf('?');
        String path = mark < 0 ? rooted : rooted.substring(0, mark);
        String query = mark < 0 ? "" : rooted.substring(mark);
        if (!path.contains("/.")) {
            return rooted;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!dots) {
                kept.add(segments[i]);
            } else if (i == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept) + query;
    }
}
