package io.larder.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text with variables in it, such as the value of an attribute.
 *
 * @param parts in their order
 */
public record Text(List<Part> parts) {
    /** A piece of a text. */
    public sealed interface Part {
        /** As it stands. */
        record Plain(String text) implements Part {}

        /** What the request puts there. */
        record Filled(Variable variable) implements Part {}
    }

    public Text {
        parts = List.copyOf(parts);
    }

    /** Finds the variables in {@code source}; what looks like one and is none stays as it is. */
    public static Text parse(String source) {
        List<Part> parts = new ArrayList<>();
        int done = 0;
        for (int at = source.indexOf("$("); at >= 0; at = source.indexOf("$(", at)) {
            // no variable is longer: whoever writes many openings and no end is not looked after each time
            int end = source.indexOf(')', at, Math.min(source.length(), at + Variable.LONGEST));
            Optional<Variable> variable = end < 0 ? Optional.empty() : Variable.parse(source.substring(at + 2, end));
            if (variable.isPresent()) {
                addPlain(parts, source.substring(done, at));
                parts.add(new Part.Filled(variable.get()));
                done = end + 1;
                at = done;
            } else {
                at += 2;
            }
        }
        addPlain(parts, source.substring(done));
        return new Text(parts);
    }

    private static void addPlain(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part.Plain(text));
        }
    }

    /** As a page would have it, with nothing of any request. */
    public String written() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part) {
                        case Part.Plain(String plain) -> plain;
                        case Part.Filled(Variable variable) -> variable.written();
                    });
        }
        return text.toString();
    }

    /** Whether it is the same for every request. */
    public boolean isConstant() {
        return parts.stream().allMatch(Part.Plain.class::isInstance);
    }

    /**
     * The text for one request.
     *
     * @param escaping of what the request puts there: a page trusts itself, and no visitor
     */
    public String in(Variables variables, Escaping escaping) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part) {
                        case Part.Plain plain -> plain.text();
                        case Part.Filled filled ->
                            escaping.of(filled.variable(), filled.variable().in(variables));
                    });
        }
        return text.toString();
    }
}
