package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What becomes of the items of an element: nodes, as few as will do. */
final class Nodes {
    private Nodes() {}

    /** With a part that nobody has understood as it was written, and literals that stand side by side as one. */
    static List<Node> of(List<? extends Element.Item> items) {
        List<Node> all = new ArrayList<>();
        flatten(items, all);
        return joined(all);
    }

    /** With literals that stand side by side as one. */
    static List<Node> joined(List<Node> all) {
        List<Node> joined = new ArrayList<>();
        List<Bytes> run = new ArrayList<>();
        for (Node node : all) {
            if (node instanceof Node.Literal(Bytes octets)) {
                run.add(octets);
            } else {
                join(run, joined);
                joined.add(node);
            }
        }
        join(run, joined);
        return joined;
    }

    private static void flatten(List<? extends Element.Item> items, List<Node> into) {
        for (Element.Item item : items) {
            switch (item) {
                case Element.Item.Shown(Node node) -> into.add(node);
                case Element.Item.Part part -> {
                    into.add(new Node.Literal(part.open()));
                    flatten(part.items(), into);
                    into.add(new Node.Literal(part.close()));
                }
            }
        }
    }

    private static void join(List<Bytes> run, List<Node> into) {
        Bytes whole = Bytes.concat(run);
        if (!whole.isEmpty()) {
            into.add(new Node.Literal(whole));
        }
        run.clear();
    }

    /** With the variables that stand in literals ({@code <esi:vars>}). */
    static List<Node> filled(List<Node> nodes) {
        List<Node> all = new ArrayList<>();
        for (Node node : nodes) {
            switch (node) {
                case Node.Literal(Bytes octets) -> all.addAll(filled(octets));
                case Node.Choose choose -> all.add(within(choose, Nodes::filled));
                case Node.Try attempt -> all.add(within(attempt, Nodes::filled));
                default -> all.add(node); // what else there is has its variables, or shows nothing
            }
        }
        return all;
    }

    static int count(List<Node> nodes) {
        int count = nodes.size();
        for (Node node : nodes) {
            count += switch (node) {
                case Node.Choose(List<Node.When> whens, List<Node> otherwise) ->
                    count(otherwise)
                            + whens.stream()
                                    .mapToInt(when -> count(when.nodes()))
                                    .sum();
                case Node.Try(List<Node> attempt, List<Node> except) -> count(attempt) + count(except);
                case Node.Inline inline -> count(inline.nodes());
                case Node.Block block -> count(block.nodes());
                default -> 0;
            };
        }
        return count;
    }

    /** With {@code variable} wherever {@code cut} parts a literal. */
    static List<Node> cut(List<Node> nodes, Function<Bytes, List<Bytes>> cut, Variable variable) {
        UnaryOperator<List<Node>> inside = some -> cut(some, cut, variable);
        List<Node> all = new ArrayList<>();
        for (Node node : nodes) {
            switch (node) {
                case Node.Literal(Bytes octets) -> addCut(cut.apply(octets), variable, all);
                case Node.Choose choose -> all.add(within(choose, inside));
                case Node.Try attempt -> all.add(within(attempt, inside));
                case Node.Inline(String name, boolean fetchable, List<Node> own) ->
                    all.add(new Node.Inline(name, fetchable, inside.apply(own)));
                case Node.Block(String name, List<Node> own) -> all.add(new Node.Block(name, inside.apply(own)));
                default -> all.add(node); // the others hold no octets of the page
            }
        }
        return all;
    }

    private static void addCut(List<Bytes> pieces, Variable variable, List<Node> to) {
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                to.add(new Node.Filled(variable));
            }
            if (!pieces.get(i).isEmpty()) {
                to.add(new Node.Literal(pieces.get(i)));
            }
        }
    }

    private static Node within(Node.Choose choose, UnaryOperator<List<Node>> inside) {
        List<Node.When> whens = choose.whens().stream()
                .map(when -> new Node.When(when.test(), inside.apply(when.nodes())))
                .toList();
        return new Node.Choose(whens, inside.apply(choose.otherwise()));
    }

    private static Node within(Node.Try attempt, UnaryOperator<List<Node>> inside) {
        return new Node.Try(inside.apply(attempt.attempt()), inside.apply(attempt.except()));
    }

    /** Whatever the page's encoding: all that means something is ASCII, and the rest goes through octet by octet. */
    private static List<Node> filled(Bytes octets) {
        Text text = Text.parse(new String(octets.toArray(), StandardCharsets.ISO_8859_1));
        if (text.isConstant()) {
            return List.of(new Node.Literal(octets));
        }
        List<Node> all = new ArrayList<>();
        for (Text.Part part : text.parts()) {
            all.add(
                    switch (part) {
                        case Text.Part.Plain(String plain) ->
                            new Node.Literal(Bytes.of(plain.getBytes(StandardCharsets.ISO_8859_1)));
                        case Text.Part.Filled(Variable variable) -> new Node.Filled(variable);
                    });
        }
        return all;
    }
}
