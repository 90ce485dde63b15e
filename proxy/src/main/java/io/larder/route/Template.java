package io.larder.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A text with holes named after a pattern's captures: {@code /v2/{id}}, {@code /new/{**}}. */
public final class Template {
    private sealed interface Part {
        /** Text as it stands. */
        record Text(String text) implements Part {}

        /** The capture called {@code name}. */
        record Hole(String name) implements Part {}
    }

    private final String source;
    private final List<Part> parts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /** Compiles a template; a brace without its partner is text. */
    public static Template compile(String source) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            int open = source.indexOf('{', at);
            int close = open < 0 ? -1 : source.indexOf('}', open);
            if (close < 0) {
                break;
            }
            parts.add(new Part.Text(source.substring(at, open)));
            parts.add(new Part.Hole(source.substring(open + 1, close)));
            at = close + 1;
        }
        parts.add(new Part.Text(source.substring(at)));
        return new Template(source, parts);
    }

    /** The text with its holes filled; a capture that is not there leaves nothing. */
    public String fill(Map<String, String> captures) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            out.append(
                    switch (part) {
                        case Part.Text(String text) -> text;
                        case Part.Hole(String name) -> captures.getOrDefault(name, "");
                    });
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return source;
    }
}
