package io.larder.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the value of a parameter: {@code $name} and <code>${name}</code> are variables, and a backslash takes its meaning from
 * a quote, a dollar sign, or another (nginx ngx_http_ssi_module). What looks like a variable and is none stays as it is.
 */
final class SsiText {
    private static final int MOST_PARTS = 64; // variables, and what stands between them

    private static final String ESCAPED = "\\'\"$";

    private final String source;
    private final String timeFormat;
    private final List<Text.Part> parts = new ArrayList<>();
    private final StringBuilder plain = new StringBuilder();

    private SsiText(String source, String timeFormat) {
        this.source = source;
        this.timeFormat = timeFormat;
    }

    /** Finds the variables in {@code source}; empty where there are too many. */
    static Optional<Text> parse(String source, String timeFormat) {
        SsiText text = new SsiText(source, timeFormat);
        int at = 0;
        while (at < source.length()) {
            at = text.read(at);
        }
        text.endPlain();
        return text.parts.size() > MOST_PARTS ? Optional.empty() : Optional.of(new Text(text.parts));
    }

    private int read(int at) {
        char c = source.charAt(at);
        boolean escapes = c == '\\' && at + 1 < source.length() && ESCAPED.indexOf(source.charAt(at + 1)) >= 0;
        if (c == '$') {
            return variable(at);
        }
        plain.append(escapes ? source.charAt(at + 1) : c);
        return escapes ? at + 2 : at + 1;
    }

    private int variable(int at) {
        boolean braces = source.startsWith("{", at + 1);
        int from = braces ? at + 2 : at + 1;
        int to = from;
        while (to < source.length() && isOfName(source.charAt(to))) {
            to++;
        }
        boolean closed = !braces || source.startsWith("}", to);
        Optional<Variable> variable =
                closed ? SsiVariable.of(source.substring(from, to), timeFormat) : Optional.empty();
        if (variable.isEmpty()) {
            plain.append('$');
            return at + 1;
        }
        endPlain();
        parts.add(new Text.Part.Filled(variable.get()));
        return braces ? to + 1 : to;
    }

    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private void endPlain() {
        if (!plain.isEmpty()) {
            parts.add(new Text.Part.Plain(plain.toString()));
            plain.setLength(0);
        }
    }
}
