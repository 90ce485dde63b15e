package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the commands that stand alone mean, in the order of a page: {@code config} counts for those behind it. */
final class SsiCommands {
    private static final String MESSAGE = "[an error occurred while processing the directive]";
    private static final String NONE = "(none)";

    private static final int MOST_ASSIGNMENTS = 1_024; // of a page
    private static final int LONGEST_FORMAT = 256; // characters (nginx's ssi_value_length); what it writes is longer

    private static final Set<String> TEST = Set.of("expr");
    private static final Map<String, Set<String>> PARAMETERS = Map.of(
            "include", Set.of("virtual", "file", "stub", "wait", "set"),
            "echo", Set.of("var", "encoding", "default"),
            "set", Set.of("var", "value"),
            "config", Set.of("timefmt", "errmsg"),
            "if", TEST,
            "elif", TEST,
            "else", Set.of(),
            "endif", Set.of(),
            "block", Set.of("name"),
            "endblock", Set.of());

    private static final Map<String, Escaping> ENCODINGS =
            Map.of("none", Escaping.NONE, "url", Escaping.COMPONENT, "entity", Escaping.MARKUP);

    /** What has become of a command. */
    sealed interface Outcome {
        /** What it shows or does. */
        record Known(List<Node> nodes) implements Outcome {}

        /** It stands in the page as it was written. */
        record Refused(String why) implements Outcome {}
    }

    private final EsiLimits limits;
    private final Set<String> blocks = new HashSet<>();
    private String message = MESSAGE;
    private String timeFormat = TimeFormat.DEFAULT;
    private int includes;
    private int assignments;

    SsiCommands(EsiLimits limits) {
        this.limits = limits;
    }

    /** Why this is no command that is known, wherever it stands; null if it is one. */
    static @Nullable String wrong(Command command) {
        Set<String> known = PARAMETERS.get(command.name());
        if (known == null) {
            return "there is no command " + command.name();
        }
        return command.saysOnly(known) ? null : command.name() + " has a parameter that is not known";
    }

    /** An include may name the block from now on. */
    void define(String block) {
        blocks.add(block);
    }

    /** The test of {@code if} and {@code elif}; empty where it cannot be read. */
    Optional<Condition> test(Command command) {
        return SsiExpression.parse(command.given("expr"), timeFormat);
    }

    /** What a command means that stands alone. */
    Outcome read(Command command) {
        return switch (command.name()) {
            case "include" -> include(command);
            case "echo" -> echo(command);
            case "set" -> assign(command);
            case "config" -> config(command);
            default -> refused(command.name() + " does not stand alone");
        };
    }

    private static Outcome refused(String why) {
        return new Outcome.Refused(why);
    }

    private static Outcome known(Node node) {
        return new Outcome.Known(List.of(node));
    }

    private Outcome include(Command command) {
        String virtual = command.parameter("virtual");
        String file = command.parameter("file");
        String stub = command.parameter("stub");
        String named = virtual == null ? command.given("file") : virtual;
        Optional<Text> reference = SsiText.parse(named, timeFormat);
        if ((virtual == null) == (file == null)) {
            return refused("include names not one of virtual and file");
        }
        if (named.isBlank() || reference.isEmpty()) {
            return refused("include names nothing, or too many variables");
        }
        if (command.parameter("set") != null) {
            return refused("include cannot set a variable");
        }
        if (stub != null && !blocks.contains(stub)) {
            return refused("no block before here is called " + stub);
        }
        if (includes++ >= limits.includes()) {
            return refused("a page includes " + limits.includes() + " others at most");
        }
        return known(new Node.Virtual(reference.get(), Optional.ofNullable(stub), Bytes.utf8(message)));
    }

    private Outcome echo(Command command) {
        String fallback = command.parameter("default");
        Optional<Variable> variable = SsiVariable.of(command.given("var"), timeFormat);
        Escaping escaping = ENCODINGS.get(command.parameters().getOrDefault("encoding", "entity"));
        if (variable.isEmpty() || escaping == null) {
            return refused("echo has no variable, or an encoding that is not known");
        }
        Variable named = variable.get();
        return known(
                new Node.Echo(new Variable(named.name(), named.key(), fallback == null ? NONE : fallback), escaping));
    }

    private Outcome assign(Command command) {
        Optional<Variable> variable = SsiVariable.of(command.given("var"), timeFormat);
        Optional<Text> value =
                Optional.ofNullable(command.parameter("value")).flatMap(text -> SsiText.parse(text, timeFormat));
        if (variable.isEmpty() || value.isEmpty()) {
            return refused("set has no variable, or no value, or one of too many variables");
        }
        if (assignments++ >= MOST_ASSIGNMENTS) {
            return refused("a page sets " + MOST_ASSIGNMENTS + " variables at most");
        }
        return known(new Node.Assign(variable.get(), value.get()));
    }

    private Outcome config(Command command) {
        if (command.given("timefmt").length() > LONGEST_FORMAT) {
            return refused("timefmt is longer than " + LONGEST_FORMAT + " characters");
        }
        message = command.parameters().getOrDefault("errmsg", message);
        timeFormat = command.parameters().getOrDefault("timefmt", timeFormat);
        return new Outcome.Known(List.of());
    }
}
