package io.larder.config.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.config.source.Place;
import io.larder.config.source.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two forms in which problems are shown: text for people and JSON for tools. */
public final class Problems {
    private static final int WIDEST = 120;

    private Problems() {}

    /** Each problem as {@code file:line:column: severity: message}, its line, a caret and the suggestion. */
    public static String text(List<Problem> problems) {
        StringBuilder out = new StringBuilder();
        for (Problem problem : problems) {
            out.append(problem.place()).append(": ").append(severity(problem)).append(": ");
            out.append(problem.message()).append('\n');
            appendLine(out, problem);
            if (problem.suggestion() != null) {
                out.append("  ").append(problem.suggestion()).append('\n');
            }
        }
        return out.toString();
    }

    /** An array of objects: file, line, column, severity, message, suggestion; null for what is not there. */
    public static String json(List<Problem> problems) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Problem problem : problems) {
            Place place = problem.place();
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("file", place.file());
            row.put("line", place.line() == 0 ? null : place.line());
            row.put("column", place.line() == 0 ? null : place.column());
            row.put("severity", severity(problem));
            row.put("message", problem.message());
            row.put("suggestion", problem.suggestion());
            rows.add(row);
        }
        return Json.pretty(rows);
    }

    private static String severity(Problem problem) {
        return problem.severity().name().toLowerCase(Locale.ROOT);
    }

    private static void appendLine(StringBuilder out, Problem problem) {
        String line = problem.line();
        if (line == null || line.isBlank()) {
            return;
        }
        int caret = line.offsetByCodePoints(
                0, Math.min(problem.place().column() - 1, line.codePointCount(0, line.length())));
        int from = caret <= WIDEST - 20 ? 0 : caret - WIDEST / 2;
        int to = Math.min(line.length(), from + WIDEST);
        out.append("    ").append(printable(line.substring(from, to))).append('\n');
        // Tabs are kept, so that the caret stands under its column however wide they are.
        String before = line.substring(from, caret);
        out.append("    ").append(before.replaceAll("[^\t]", " ")).append("^\n");
    }

    /** Control characters would act on the terminal. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\t]]", "\uFFFD");
    }

    /** How this package writes JSON. */
    static final class Json {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        private Json() {}

        static String pretty(Object tree) {
            try {
                return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not a tree of maps, lists and scalars", e);
            }
        }
    }
}
