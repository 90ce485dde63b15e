package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code larder reload}: has a running gateway read its configuration again, and says what has changed. */
@Command(name = "reload", description = "Read the configuration again, and show what has changed.")
final class ReloadCommand implements Callable<Integer> {
    private static final int REFUSED = 422;

    private final UnaryOperator<@Nullable String> environment;
    private final Ansi ansi;

    @Mixin
    private GatewayOptions gateway;

    @Spec
    private CommandSpec spec;

    ReloadCommand(UnaryOperator<@Nullable String> environment, boolean colours) {
        this.environment = environment;
        this.ansi = colours ? Ansi.ON : Ansi.OFF;
    }

    @Override
    public Integer call() throws InterruptedException {
        AdminClient.Answer answer =
                gateway.client(environment).post("/v1/reload", JsonNodeFactory.instance.objectNode(), REFUSED);
        boolean refused = answer.status() == REFUSED;
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(answer.text().strip());
        } else if (refused) {
            complain(answer.json());
        } else {
            print(answer.json(), out);
        }
        return refused ? Exit.FAILED : Exit.DONE;
    }

    private void print(JsonNode answer, PrintWriter out) {
        JsonNode changes = answer.path("changes");
        String took = ", " + answer.path("took-ms").asDouble() + " ms";
        JsonNode files = answer.path("files");
        out.println(whatHappened(changes.size(), files.size()) + took);
        changes.forEach(change -> out.println(line(change)));
        files.forEach(file -> out.println(coloured("yellow", "~ the content of " + file.asText())));
        List<String> later = new ArrayList<>();
        answer.path("restart-needed").forEach(key -> later.add(key.asText()));
        if (!later.isEmpty()) {
            out.println(Printable.of("takes effect at the next start: " + String.join(", ", later)));
        }
        answer.path("warnings").forEach(warning -> out.println(Printable.of("warning: " + warning.asText())));
    }

    private static String whatHappened(int changes, int files) {
        if (changes == 0 && files == 0) {
            return "nothing has changed";
        }
        List<String> counts = new ArrayList<>();
        if (changes > 0) {
            counts.add(changes == 1 ? "1 change" : changes + " changes");
        }
        if (files > 0) {
            counts.add((files == 1 ? "1 file" : files + " files") + " with other content");
        }
        return "reloaded: " + String.join(", ", counts);
    }

    private String line(JsonNode change) {
        String route = change.has("route") ? " (" + change.path("route").asText() + ")" : "";
        String where = change.path("path").asText() + route;
        String before = change.path("before").asText();
        String after = change.path("after").asText();
        return switch (change.path("kind").asText()) {
            case "added" -> coloured("green", "+ " + where + ": " + after);
            case "removed" -> coloured("red", "- " + where + ": " + before);
            case "moved" -> coloured("yellow", "~ " + where + ": moved, was " + before);
            default -> coloured("yellow", "~ " + where + ": " + before + " -> " + after);
        };
    }

    private String coloured(String colour, String text) {
        String plain = Printable.of(text);
        // picocli would take what stands in a configuration for its own marks
        return ansi.enabled() ? ansi.string("@|" + colour + " _|@").replace("_", plain) : plain;
    }

    private void complain(JsonNode problem) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("larder: " + Printable.of(problem.path("detail").asText("the configuration is refused")));
        problem.path("problems").forEach(each -> {
            String place = each.has("place") ? each.path("place").asText() + ": " : "";
            String severity = each.path("severity").asText("error");
            err.println(
                    Printable.of(place + severity + ": " + each.path("message").asText()));
            if (each.has("suggestion")) {
                err.println(Printable.of("  " + each.path("suggestion").asText()));
            }
        });
    }
}
