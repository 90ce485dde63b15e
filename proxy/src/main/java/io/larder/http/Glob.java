package io.larder.http;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;

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

    /**
     * What has to match the rest of a name that begins with {@code prefix}, so that all of it matches; nothing where none
     * can. Any one of them is enough.
     *
     * @param prefix in which {@code *} stands for any run of characters but {@code /}
     */
    public Set<Glob> after(String prefix) {
        BitSet at = new BitSet(); // where in the pattern the next character may have to match
        at.set(0);
        for (int i = 0; i < prefix.length() && !at.isEmpty(); i++) {
            at = prefix.charAt(i) == '*' ? overRun(at) : over(withinStars(at), prefix.charAt(i));
        }
        Set<Glob> rest = new LinkedHashSet<>();
        at.stream().forEach(p -> rest.add(new Glob(pattern.substring(p))));
        return rest;
    }

    private BitSet over(BitSet at, char c) {
        BitSet next = new BitSet();
        at.stream().filter(p -> p < pattern.length()).forEach(p -> {
            if (pattern.charAt(p) == '*') {
                next.set(p);
            } else if (pattern.charAt(p) == c) {
                next.set(p + 1);
            }
        });
        return next;
    }

    /** A star may also be over already. */
    private BitSet withinStars(BitSet at) {
        BitSet all = (BitSet) at.clone();
        for (int p = 0; p < pattern.length(); p++) {
            if (all.get(p) && pattern.charAt(p) == '*') {
                all.set(p + 1);
            }
        }
        return all;
    }

    private BitSet overRun(BitSet at) {
        BitSet all = (BitSet) at.clone();
        for (int p = 0; p < pattern.length(); p++) {
            if (all.get(p) && pattern.charAt(p) != '/') {
                all.set(p + 1);
            }
        }
        return all;
    }
}
