package io.larder.cli;

import io.larder.whatif.Explanation;
import io.larder.whatif.Step;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** An explanation for people: one line a step, what it rests on below it. A value. */
record ExplanationText(boolean colours) {
    private static final int TOPIC = 10;
    private static final String INDENT = " ".repeat(TOPIC + 2);

    String of(Explanation explanation) {
        int width = explanation.steps().stream()
                .flatMap(step -> notes(step).stream())
                .mapToInt(note -> note.name().length())
                .max()
                .orElse(0);
        StringBuilder out = new StringBuilder();
        out.append(Printable.of(explanation.request()))
                .append(explanation.live() ? "\n\n" : "  (by the configuration alone)\n\n");
        for (Step step : explanation.steps()) {
            line(out, step.topic(), step.answer(), "bold");
            for (Step.Note note : notes(step)) {
                String name = Printable.of(note.name());
                out.append(INDENT)
                        .append(name)
                        .append(" ".repeat(width - note.name().length() + 2));
                out.append(Printable.of(note.text())).append('\n');
            }
        }
        Explanation.Verdict verdict = explanation.verdict();
        out.append('\n');
        line(out, "verdict", verdict.sentence(), isFromCache(verdict) ? "bold,green" : "bold,yellow");
        return out.toString();
    }

    private static boolean isFromCache(Explanation.Verdict verdict) {
        return verdict.outcome().equals("hit") || verdict.outcome().equals("stale");
    }

    private void line(StringBuilder out, String topic, String text, String style) {
        // the word alone is styled: what comes from outside may hold what styles are written with
        String word = topic.replaceAll("[^a-z]", "");
        String shown = colours ? Ansi.ON.string("@|" + style + " " + word + "|@") : word;
        out.append(shown).append(" ".repeat(Math.max(1, TOPIC - word.length())));
        out.append(Printable.of(text)).append('\n');
    }

    /** The reason and the place stand first among the notes. */
    private static List<Step.Note> notes(Step step) {
        List<Step.Note> notes = new ArrayList<>();
        if (step.reason() != null) {
            notes.add(new Step.Note("why", step.reason() + (step.source() == null ? "" : ", " + step.source())));
        }
        if (step.place() != null) {
            notes.add(new Step.Note("at", step.place()));
        }
        notes.addAll(step.notes());
        return notes;
    }
}
