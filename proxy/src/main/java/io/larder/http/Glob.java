package io.larder.http;

/**
 * A name with {@code *} for any run of characters, e.g. {@code utm_*}. Case counts.
 *
 * @param pattern as configured
 */
public record Glob(String pattern) {

    public static Glob of(String pattern) {
        return new Glob(pattern);
    }

    /** Whether all of {@code name} matches. */
    public boolean matches(String name) {
        return matches(name, 0, name.length());
    }

    /** Whether the characters of {@code text} from {@code start} to {@code end} match. */
    public boolean matches(String text, int start, int end) {
        int p = 0;
        int t = start;
        int star = -1;
        int mark = start;
        while (t < end) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1; // let the last star take one character more
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
