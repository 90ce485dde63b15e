package io.larder.coherence;

import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How nodes are called: as people call them, and letters behind that which no other process has, not even one that was given
 * the same name by mistake.
 */
public final class NodeName {
    private static final char BETWEEN = '/';

    private NodeName() {}

    /**
     * A name that no other process has.
     *
     * @param chance any number
     */
    public static String of(String given, int chance) {
        return given + BETWEEN + HexFormat.of().toHexDigits(chance);
    }

    /** What a node was given as a name. */
    public static String given(String name) {
        int letters = name.lastIndexOf(BETWEEN);
        return letters < 0 ? name : name.substring(0, letters);
    }

    /** How people are shown the names of these nodes: without the letters, unless it takes those to tell them apart. */
    public static UnaryOperator<String> among(Collection<String> nodes) {
        Set<String> seen = new LinkedHashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        for (String node : new LinkedHashSet<>(nodes)) {
            if (!seen.add(given(node))) {
                twice.add(given(node));
            }
        }
        return node -> twice.contains(given(node)) ? node : given(node);
    }
}
