package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one visitor is to see of a template: choices made, variables filled in, and the fragments that a page brings itself put
 * where it includes them. All that is left are octets, and holes that can be fetched at once.
 */
public final class Outline {
    private static final int DEEPEST = 5; // a page's own fragments within one another

    private final Variables variables;
    private final Map<String, List<Node>> own = new HashMap<>();
    private final Deque<String> within = new ArrayDeque<>(); // names of the page's own fragments
    private int left; // how many times its own fragments may be put somewhere

    private Outline(Variables variables, int most) {
        this.variables = variables;
        this.left = most;
    }

    /** The pieces of {@code template}, in their order; no two of octets stand side by side. */
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
        return joined(all);
    }

    private void add(List<Node> nodes, List<Piece> into) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Literal(Bytes octets) -> into.add(new Piece.Octets(octets));
                case Node.Filled(Variable variable) ->
                    into.add(new Piece.Octets(Bytes.utf8(Escaping.MARKUP.of(variable, variable.in(variables)))));
                case Node.Choose choose -> add(chosen(choose), into);
                case Node.Try(List<Node> attempt, List<Node> except) ->
                    into.add(new Piece.Attempt(pieces(attempt), pieces(except)));
                case Node.Inline inline -> {}
                case Node.Include include -> add(include, into);
            }
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
                    src, include.alt().map(this::reference), include.optional(), include.deadline(), include.ttl()));
        }
    }

    private String reference(Text text) {
        return text.in(variables, Escaping.REFERENCE);
    }

    private static List<Piece> joined(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        List<Bytes> run = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Octets(Bytes octets)) {
                run.add(octets);
            } else {
                octets(run).ifPresent(joined::add);
                joined.add(piece);
            }
        }
        octets(run).ifPresent(joined::add);
        return joined;
    }

    private static Optional<Piece> octets(List<Bytes> run) {
        Bytes whole = Bytes.concat(run);
        run.clear();
        return whole.isEmpty() ? Optional.empty() : Optional.of(new Piece.Octets(whole));
    }
}
