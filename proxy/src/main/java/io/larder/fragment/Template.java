package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.List;
import java.util.function.Function;

/**
 * A page with holes, compiled once and shown to many: immutable.
 *
 * @param nodes in their order; no two literals stand side by side
 * @param problems what was not understood and stands in the page as it came, the first of them
 */
public record Template(List<Node> nodes, List<Problem> problems) {
    /**
     * What is wrong with a page.
     *
     * @param offset of the tag in the page, in octets
     * @param what for people
     */
    public record Problem(long offset, String what) {}

    public Template {
        nodes = List.copyOf(nodes);
        problems = List.copyOf(problems);
    }

    /** Whether it is the same for every request, and needs nothing else. */
    public boolean isPlain() {
        return nodes.stream().allMatch(Node.Literal.class::isInstance);
    }

    /** How many nodes it has, those within others included. */
    public int size() {
        return Nodes.count(nodes);
    }

    /** The same page with {@code variable} wherever {@code cut} parts what stands in it. */
    public Template cut(Function<Bytes, List<Bytes>> cut, Variable variable) {
        return new Template(Nodes.cut(nodes, cut, variable), problems);
    }
}
