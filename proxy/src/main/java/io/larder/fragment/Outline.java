package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What one visitor is to see of a template: choices made, variables filled in, and the fragments that a page brings itself put
 * where it includes them. All that is left are octets, and holes that can be fetched at once.
 */
public final class Outline {
    private static final int DEEPEST = 5; // a page's own fragments within one another

    private static final long MOST = 1 << 20; // octets of the request's in one page

    private final Map<String, List<Node>> own = new HashMap<>();
    private final Map<String, List<Node>> blocks = new HashMap<>();
    private final Deque<String> within = new ArrayDeque<>(); // names of the page's own fragments
    private Assignments variables;
    private long room = MOST; // octets of the request's that it may still show
    private int left; // how many times its own fragments may be put somewhere

    private Outline(Variables variables, int most) {
        this.variables = new Assignments(variables);
        this.left = most;
    }

    /** The pieces of {@code template}, in their order. */
    public static List<Piece> of(Template template, Variables variables, EsiLimits limits) {
        Outline outline = new Outline(variables, limits.includes());
        outline.findOwn(template.nodes());
        return outline.pieces(template.nodes());
    }

    private void findOwn(List<Node> nodes) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Inline inline -> {
                    own.putIfAbsent(inline.name(), inline.nodes());
                    findOwn(inline.nodes());
                }
                case Node.Choose choose -> findOwn(chosen(choose));
                case Node.Try(List<Node> attempt, List<Node> except) -> {
                    findOwn(attempt);
                    findOwn(except);
                }
                case Node.Literal literal -> {}
                case Node.Filled filled -> {}
                case Node.Include include -> {}
                case Node.Echo echo -> {}
                case Node.Assign assign -> {}
                case Node.Block block -> {}
                case Node.Virtual virtual -> {}
            }
        }
    }

    private List<Node> chosen(Node.Choose choose) {
        for (Node.When when : choose.whens()) {
            if (when.test().holds(variables)) {
                return when.nodes();
            }
        }
        return choose.otherwise();
    }

    private List<Piece> pieces(List<Node> nodes) {
        List<Piece> all = new ArrayList<>();
        add(nodes, all);
        return Pieces.shown(all);
    }

    private void add(List<Node> nodes, List<Piece> into) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Literal(Bytes octets) -> into.add(new Piece.Octets(octets));
                case Node.Filled(Variable variable) ->
                    shown(() -> Escaping.MARKUP.of(variable, variable.in(variables)), into);
                case Node.Choose choose -> add(chosen(choose), into);
                case Node.Try(List<Node> attempt, List<Node> except) ->
                    into.add(new Piece.Attempt(pieces(attempt), pieces(except)));
                case Node.Inline inline -> {}
                case Node.Include include -> add(include, into);
                case Node.Echo echo -> shown(() -> variables.echoed(echo), into);
                case Node.Assign(Variable variable, Text value) -> variables.assign(variable, value);
                case Node.Block(String name, List<Node> stub) -> blocks.putIfAbsent(name, stub);
                case Node.Virtual virtual -> into.addAll(virtual(virtual));
            }
        }
    }

    /** What comes of a request, as long as a page has room for it: a short page must not make a long answer of it. */
    private void shown(Supplier<String> text, List<Piece> into) {
        if (room > 0) {
            Bytes octets = Bytes.utf8(text.get());
            room -= octets.length();
            into.add(new Piece.Octets(room < 0 ? Bytes.EMPTY : octets, true));
        }
    }

    private void add(Node.Include include, List<Piece> into) {
        String src = reference(include.src());
        List<Node> here = own.get(src);
        if (here != null && left > 0 && within.size() < DEEPEST && !within.contains(src)) {
            left--;
            within.push(src);
            add(here, into);
            within.pop();
        } else {
            into.add(new Piece.Hole(
                    src,
                    include.alt().map(this::reference),
                    include.optional(),
                    include.deadline(),
                    include.ttl(),
                    include.src().written()));
        }
    }

    private String reference(Text text) {
        return text.in(variables, Escaping.REFERENCE);
    }

    private List<Piece> virtual(Node.Virtual virtual) {
        String reference = variables.reference(virtual.reference());
        String written = virtual.reference().written();
        return virtual.stub()
                .map(name -> Pieces.stubbed(reference, written, stub(name)))
                .orElseGet(() -> Pieces.orMessage(reference, written, virtual.message()));
    }

    /** Whether it is shown turns out later: what is assigned in it counts nowhere else. */
    private List<Piece> stub(String name) {
        List<Node> nodes = blocks.getOrDefault(name, List.of()); // none, where the block stands in a branch not taken
        if (left == 0 || within.size() == DEEPEST) {
            return List.of();
        }
        left--;
        within.push(name);
        Assignments before = variables.copy();
        List<Piece> stub = pieces(nodes);
        variables = before;
        within.pop();
        return stub;
    }
}
