package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
                case Node.Choose(List<Node.When> whens, List<Node> otherwise) ->
                    all.add(new Node.Choose(
                            whens.stream()
                                    .map(when -> new Node.When(when.test(), filled(when.nodes())))
                                    .toList(),
                            filled(otherwise)));
                case Node.Try(List<Node> attempt, List<Node> except) ->
                    all.add(new Node.Try(filled(attempt), filled(except)));
                case Node.Filled known -> all.add(known);
                case Node.Include include -> all.add(include);
                case Node.Inline inline -> all.add(inline);
                case Node.Echo echo -> all.add(echo);
                case Node.Assign assign -> all.add(assign);
                case Node.Block block -> all.add(block);
                case Node.Virtual virtual -> all.add(virtual);
            }
        }
        return all;
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
