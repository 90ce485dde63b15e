package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reader sees of a template, by the plainest means: one node after the other, fragments from a map. */
final class Shown {
    private final Variables variables;
    private final Map<String, String> fragments;

    /** An include that is needed is not there. */
    private static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Shown(Variables variables, Map<String, String> fragments) {
        this.variables = variables;
        this.fragments = fragments;
    }

    /** Variables are named like {@code NAME} or {@code NAME{key}}. */
    static String of(Template template, Map<String, String> variables, Map<String, String> fragments) {
        try {
            return new Shown(variables(variables), new HashMap<>(fragments)).all(template.nodes());
        } catch (Missing failed) {
            return "FAILED";
        }
    }

    /** What has been outlined, its holes filled from {@code fragments}. */
    static String of(List<Piece> pieces, Map<String, String> fragments) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(
                    switch (piece) {
                        case Piece.Octets(Bytes octets, boolean told) ->
                            new String(octets.toArray(), StandardCharsets.ISO_8859_1);
                        case Piece.Hole hole -> filling(hole, fragments);
                        case Piece.Stubbed(Piece.Hole hole, List<Piece> stub) -> {
                            String filling = fragments.getOrDefault(hole.src(), "");
                            yield filling.isEmpty() ? of(stub, fragments) : filling;
                        }
                        case Piece.Attempt(List<Piece> attempt, List<Piece> except) ->
                            attempt(attempt, except, fragments);
                    });
        }
        return text.toString();
    }

    private static String filling(Piece.Hole hole, Map<String, String> fragments) {
        String found = fragments.get(hole.src());
        if (found == null && !hole.optional()) {
            throw new Missing();
        }
        return found == null ? "" : found;
    }

    private static String attempt(List<Piece> attempt, List<Piece> except, Map<String, String> fragments) {
        try {
            return of(attempt, fragments);
        } catch (Missing failed) {
            return of(except, fragments);
        }
    }

    static Variables variables(Map<String, String> known) {
        return (String name, @Nullable String key) ->
                known.getOrDefault(key == null ? name : name + "{" + key + "}", "");
    }

    private String all(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> text.append(one(node)));
        return text.toString();
    }

    private String one(Node node) {
        return switch (node) {
            case Node.Literal literal -> new String(literal.octets().toArray(), StandardCharsets.ISO_8859_1);
            case Node.Filled filled -> filled.variable().in(variables);
            case Node.Include include -> include(include);
            case Node.Choose choose -> all(chosen(choose));
            case Node.Try attempt -> tried(attempt);
            case Node.Inline inline -> {
                fragments.put(inline.name(), all(inline.nodes()));
                yield "";
            }
            case Node.Echo none -> throw new IllegalArgumentException("ESI has no " + none);
            case Node.Assign none -> throw new IllegalArgumentException("ESI has no " + none);
            case Node.Block none -> throw new IllegalArgumentException("ESI has no " + none);
            case Node.Virtual none -> throw new IllegalArgumentException("ESI has no " + none);
        };
    }

    private List<Node> chosen(Node.Choose choose) {
        return choose.whens().stream()
                .filter(when -> when.test().holds(variables))
                .findFirst()
                .map(Node.When::nodes)
                .orElse(choose.otherwise());
    }

    private String tried(Node.Try attempt) {
        try {
            return all(attempt.attempt());
        } catch (Missing failed) {
            return all(attempt.except());
        }
    }

    private String include(Node.Include include) {
        List<Text> places = new ArrayList<>(List.of(include.src()));
        include.alt().ifPresent(places::add);
        for (Text place : places) {
            String found = fragments.get(place.in(variables, Escaping.NONE));
            if (found != null) {
                return found;
            }
        }
        if (include.optional()) {
            return "";
        }
        throw new Missing();
    }
}
