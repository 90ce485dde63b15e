package io.larder.config.load;

import io.larder.config.bind.Binding;
import io.larder.config.bind.Scalar;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Turns YAML text into a tree of nodes that know their places. */
final class YamlText {
    /** Deeper than any configuration; composing is recursive and must not exhaust the stack. */
    private static final int DEEPEST = 50;

    /** Aliases in a file; what they amount to is bounded where they are read. */
    private static final int MOST_ALIASES = 10_000;

    private YamlText() {}

    /** The root; null when the text is nothing but comments, or after a problem was reported. */
    static @Nullable MappingNode compose(String file, String text, Report report) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .build();
        try {
            if (tooDeep(settings, file, text, report)) {
                return null;
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() || Binding.isNothing(root.get()) ? null : map(root.get(), report);
        } catch (MarkedYamlEngineException e) {
            report.error(place(e, file, text), message(e), hint(e));
        } catch (ReaderException e) {
            int at = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            String code = String.format("U+%04X", e.getCodePoint());
            report.error(
                    SourceText.end(file, text.substring(0, at)), "the character " + code + " is not allowed", null);
        } catch (YamlEngineException e) {
            report.error(Place.of(file), "not YAML: " + e.getMessage(), null);
        }
        return null;
    }

    private static @Nullable MappingNode map(Node root, Report report) {
        if (root instanceof MappingNode map) {
            return map;
        }
        report.error(Binding.place(root), "expected keys such as 'listeners:' at the top of the file", null);
        return null;
    }

    private static boolean tooDeep(LoadSettings settings, String file, String text, Report report) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth += switch (event.getEventId()) {
                case MappingStart, SequenceStart -> 1;
                case MappingEnd, SequenceEnd -> -1;
                case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> 0;
            };
            if (depth > DEEPEST) {
                Place place =
                        event.getStartMark().map(mark -> place(mark, file)).orElse(Place.of(file));
                report.error(place, "nested more than " + DEEPEST + " levels deep", null);
                return true;
            }
        }
        return false;
    }

    /** Where the parser stumbled; where that is only the end of the file, where the unfinished part begins. */
    private static Place place(MarkedYamlEngineException e, String file, String text) {
        Place end = SourceText.end(file, text);
        Place stumbled = e.getProblemMark().map(mark -> place(mark, file)).orElse(end);
        Place begun = e.getContextMark().map(mark -> place(mark, file)).orElse(stumbled);
        return stumbled.line() >= end.line() ? begun : stumbled;
    }

    private static Place place(Mark mark, String file) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String message(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem()).replace("\\t(TAB)", "TAB");
        String context = e.getContext();
        return "not YAML: " + problem + (context == null || context.isEmpty() ? "" : " (" + context + begun(e) + ")");
    }

    private static String begun(MarkedYamlEngineException e) {
        return e.getContextMark()
                .filter(mark -> e.getProblemMark().isPresent())
                .map(mark -> " that begins in line " + (mark.getLine() + 1))
                .orElse("");
    }

    private static @Nullable String hint(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("TAB")) {
            return "indent with spaces, not tabs";
        }
        return problem.contains("block end") ? "check the indentation of this line and of those above it" : null;
    }
}
