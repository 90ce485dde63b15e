package io.larder.admin;

import io.larder.exchange.RequestId;
import io.larder.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/reload}, and of the events that tell of reloads. */
public final class ReloadCall {
    private static final int SHOWN = 100; // of anything, in an event

    private ReloadCall() {}

    static Response response(ReloadReport report, RequestId id) {
        return switch (report) {
            case ReloadReport.Done done -> Answers.json(200, json(done, Integer.MAX_VALUE));
            case ReloadReport.Refused refused ->
                Answers.problem(
                        422,
                        "the configuration is refused, and the one before stays live",
                        id,
                        Map.of("problems", problems(refused.problems(), Integer.MAX_VALUE)));
            case ReloadReport.Nothing nothing -> Answers.problem(409, nothing.why(), id, Map.of());
        };
    }

    /** What an event tells of {@code report}: whether it went well, and the first of what there is to say. */
    public static Map<String, Object> event(ReloadReport report) {
        Map<String, Object> event = new LinkedHashMap<>();
        switch (report) {
            case ReloadReport.Done done -> {
                event.put("ok", true);
                event.putAll(json(done, SHOWN));
                event.put("count", done.changes().size());
            }
            case ReloadReport.Refused refused -> {
                event.put("ok", false);
                event.put("problems", problems(refused.problems(), SHOWN));
            }
            case ReloadReport.Nothing nothing -> event.put("ok", false);
        }
        return event;
    }

    private static Map<String, Object> json(ReloadReport.Done done, int most) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("changed", done.changed());
        json.put(
                "changes",
                done.changes().stream().limit(most).map(ReloadCall::json).toList());
        json.put("files", done.files().stream().limit(most).toList());
        json.put("restart-needed", done.restartNeeded());
        json.put(
                "warnings",
                done.warnings().stream()
                        .limit(most)
                        .map(ReloadReport.Trouble::text)
                        .toList());
        json.put("took-ms", Math.round(done.took().toNanos() / 1e5) / 10.0);
        return json;
    }

    private static Map<String, Object> json(ReloadReport.Difference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", difference.kind());
        json.put("path", difference.path());
        if (!difference.route().isEmpty()) {
            json.put("route", difference.route());
        }
        putUnlessNull(json, "before", difference.before());
        putUnlessNull(json, "after", difference.after());
        return json;
    }

    private static List<Map<String, Object>> problems(List<ReloadReport.Trouble> problems, int most) {
        return problems.stream().limit(most).map(ReloadCall::json).toList();
    }

    private static Map<String, Object> json(ReloadReport.Trouble trouble) {
        Map<String, Object> json = new LinkedHashMap<>();
        putUnlessNull(json, "place", trouble.place());
        json.put("severity", trouble.isWarning() ? "warning" : "error");
        json.put("message", trouble.message());
        putUnlessNull(json, "suggestion", trouble.suggestion());
        return json;
    }

    private static void putUnlessNull(Map<String, Object> json, String key, @Nullable String value) {
        if (value != null) {
            json.put(key, value);
        }
    }
}
