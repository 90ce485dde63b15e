package io.larder.route;

import io.larder.http.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site's routes as a tree of path segments: finding the first one that takes a request costs what its path is long,
 * however many routes there are. Immutable.
 */
final class RouteTree {
    private static final int NOWHERE = Integer.MAX_VALUE;

    private final List<Route> routes;
    private final Node root;

    RouteTree(List<Route> routes) {
        this.routes = routes;
        List<Integer> all = new ArrayList<>();
        for (int place = 0; place < routes.size(); place++) {
            all.add(place);
        }
        this.root = node(all, 0);
    }

    /**
     * What is left of the patterns after some segments.
     *
     * @param first the least place of a route here or below
     * @param ending the places of routes whose pattern ends here, in order
     * @param open those whose pattern takes any rest from here
     * @param any where one segment of any text leads
     */
    private record Node(
            int first,
            List<Integer> ending,
            List<Integer> open,
            Literals literals,
            @Nullable Node any) {}

    /** Where segments lead whose text is given: open addressing, by a hash that does not mind the case of letters. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Literals(
            @Nullable String[] texts, @Nullable Node[] nodes) {
        static Literals of(Map<String, Node> children) {
            int slots = Integer.highestOneBit(children.size() + 1) * 4;
            Literals table = new Literals(new String[slots], new Node[slots]);
            children.forEach((text, child) -> {
                int slot = table.start(text, 0, text.length());
                while (table.texts[slot] != null) {
                    slot = table.next(slot);
                }
                table.texts[slot] = text;
                table.nodes[slot] = child;
            });
            return table;
        }

        int start(String path, int from, int to) {
            int hash = 0;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + folded(path.charAt(i));
            }
            return (hash ^ (hash >>> 16)) & (texts.length - 1);
        }

        int next(int slot) {
            return (slot + 1) & (texts.length - 1);
        }

        /** The same for all characters that some comparison without regard to case may take for one another. */
        private static int folded(char c) {
            return c < 0x80 ? c | 0x20 : 0x80;
        }
    }

    private Node node(List<Integer> places, int depth) {
        List<Integer> ending = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        List<Integer> any = new ArrayList<>();
        Map<String, List<Integer>> literals = new LinkedHashMap<>();
        for (int place : places) {
            PathPattern pattern = routes.get(place).path();
            if (pattern.depth() == depth) {
                (pattern.takesRest() ? open : ending).add(place);
            } else {
                String text = pattern.literal(depth);
                (text == null ? any : literals.computeIfAbsent(text, t -> new ArrayList<>())).add(place);
            }
        }
        Map<String, Node> children = new LinkedHashMap<>();
        literals.forEach((text, below) -> children.put(text, node(below, depth + 1)));
        return new Node(
                places.isEmpty() ? NOWHERE : places.get(0),
                List.copyOf(ending),
                List.copyOf(open),
                Literals.of(children),
                any.isEmpty() ? null : node(any, depth + 1));
    }

    /**
     * The first route that takes {@code request}, were its path this one; null where none does.
     *
     * @param path in the form of {@link RoutingPath}
     * @param ignoringCase whether the case of letters in the path does not count
     */
    @Nullable
    Route first(String path, boolean ignoringCase, Request request) {
        int place = new Search(path, ignoringCase, request).from(root, 0, NOWHERE);
        return place == NOWHERE ? null : routes.get(place);
    }

    private final class Search {
        private final String path;
        private final boolean ignoringCase;
        private final Request request;

        Search(String path, boolean ignoringCase, Request request) {
            this.path = path;
            this.ignoringCase = ignoringCase;
            this.request = request;
        }

        /** The least place below {@code bound} of a route that takes what is left of the path; else {@code bound}. */
        int from(Node node, int at, int bound) {
            if (node.first >= bound) {
                return bound;
            }
            int best = accepting(node.open, bound);
            if (at == path.length()) {
                return accepting(node.ending, best);
            }
            return path.charAt(at) == '/' ? below(node, at + 1, best) : best;
        }

        private int below(Node node, int start, int bound) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            int best = bound;
            Literals literals = node.literals;
            int slot = literals.start(path, start, end);
            for (String text = literals.texts[slot]; text != null; text = literals.texts[slot]) {
                Node child = literals.nodes[slot];
                boolean fits =
                        text.length() == end - start && path.regionMatches(ignoringCase, start, text, 0, text.length());
                if (fits && child != null) {
                    best = from(child, end, best);
                }
                slot = literals.next(slot);
            }
            return node.any == null || start == end ? best : from(node.any, end, best);
        }

        private int accepting(List<Integer> places, int bound) {
            for (int i = 0; i < places.size() && places.get(i) < bound; i++) {
                if (routes.get(places.get(i)).conditions().accept(request)) {
                    return places.get(i);
                }
            }
            return bound;
        }
    }
}
