package io.larder.scenario;

import io.larder.scenario.Step.Answer;
import io.larder.scenario.Step.Ask;
import io.larder.scenario.Step.Ending;
import io.larder.scenario.Step.Expected;
import io.larder.scenario.Step.Sent;
import io.larder.scenario.Step.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Reads scenarios; the README beside them explains the format. */
final class ScenarioFile {
    private ScenarioFile() {}

    static List<Scenario> read(Path file) {
        try {
            return parse(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws BadScenario where it is not written as it must be */
    static List<Scenario> parse(String file, String text) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Object node : list(file, text)) {
            scenarios.add(scenario(file, node));
        }
        return scenarios;
    }

    private static List<?> list(String file, String text) {
        // failsafe: every scalar is a text, so that 007 and 1.0 reach the wire as they are written
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new FailsafeSchema())
                .build();
        try {
            if (new Load(settings).loadFromString(text) instanceof List<?> list) {
                return list;
            }
        } catch (YamlEngineException e) {
            throw new BadScenario(file + ": " + e.getMessage());
        }
        throw new BadScenario(file + ": expected a list of scenarios");
    }

    private static Scenario scenario(String file, Object node) {
        Entry unnamed = new Entry(file, node);
        String name = unnamed.text("name");
        Entry entry = new Entry(file + ", \"" + name + "\"", node);
        entry.has("name");
        List<Step> steps = new ArrayList<>();
        for (Object step : entry.items("steps")) {
            steps.add(step(new Entry(entry.place() + ", step " + (steps.size() + 1), step)));
        }
        if (steps.stream().noneMatch(Ask.class::isInstance)) {
            throw new BadScenario(entry.place() + ": nobody asks for anything");
        }
        Scenario scenario = new Scenario(file, name, entry.text("rfc"), Setting.read(entry), List.copyOf(steps));
        entry.end();
        return scenario;
    }

    private static Step step(Entry entry) {
        Step step;
        if (entry.has("after")) {
            step = new Step.After(duration(entry.text("after"), entry.place()));
        } else if (entry.has("purge")) {
            Map<String, List<String>> order = entry.fields("purge");
            step = new Step.Purge(order, entry.has("matched") ? entry.number("matched", 0) : null);
        } else if (entry.has("stop")) {
            step = new Step.Stop(entry.text("stop"));
        } else if (entry.has("start")) {
            step = new Step.Start(entry.text("start"));
        } else {
            step = ask(entry);
        }
        entry.end();
        return step;
    }

    private static Ask ask(Entry entry) {
        String raw = entry.textOrNull("raw");
        String body = entry.textOrNull("body");
        String connection = entry.textOrNull("over");
        Sent sent = new Sent(
                raw == null ? entry.text("client") : "",
                entry.fields("headers"),
                body,
                raw,
                connection == null ? "main" : connection);
        List<Turn> turns = new ArrayList<>();
        for (Object turn : entry.items("origin")) {
            turns.add(turn(new Entry(entry.place() + ", origin", turn)));
        }
        boolean eventually = entry.flag("eventually");
        return new Ask(sent, List.copyOf(turns), expected(entry), eventually);
    }

    private static Turn turn(Entry entry) {
        Turn turn = new Turn(
                entry.textOrNull("server"),
                entry.textOrNull("request"),
                entry.fields("sees"),
                entry.textOrNull("sees-body"),
                answer(entry));
        entry.end();
        return turn;
    }

    private static Answer answer(Entry entry) {
        String raw = entry.textOrNull("raw");
        String fault = entry.textOrNull("fault");
        String then = entry.textOrNull("then");
        String body = entry.textOrNull("body");
        int status = fault == null && raw == null ? entry.number("status", 200) : 0;
        return new Answer(
                status,
                entry.fields("headers"),
                body == null ? "" : body,
                entry.texts("interim"),
                raw,
                ending(fault == null ? then : fault, entry.place()));
    }

    private static Ending ending(@Nullable String word, String place) {
        if (word == null) {
            return Ending.KEEP;
        }
        return switch (word) {
            case "silence" -> Ending.KEEP;
            case "close" -> Ending.CLOSE;
            case "reset" -> Ending.RESET;
            default -> throw new BadScenario(place + ": '" + word + "' is none of close, reset, silence");
        };
    }

    private static Expected expected(Entry step) {
        Object node = step.node("expect");
        if (node instanceof String status) {
            node = Map.of("status", status);
        }
        Entry entry = new Entry(step.place() + ", expect", node);
        Expected expected = new Expected(
                entry.number("status", 0),
                entry.fields("headers"),
                entry.texts("cache"),
                entry.textOrNull("age"),
                entry.textOrNull("body"),
                entry.has("interim") ? entry.texts("interim") : null,
                entry.flag("closed"),
                entry.flag("truncated"));
        entry.end();
        return expected;
    }

    static Duration duration(String text, String place) {
        try {
            long number = Long.parseLong(text.replaceFirst("[a-z]+$", ""));
            return switch (text.replaceFirst("^[0-9]+", "")) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> throw new BadScenario(place + ": not a time: " + text);
            };
        } catch (NumberFormatException e) {
            throw new BadScenario(place + ": not a time: " + text);
        }
    }
}
