package io.larder.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.larder.admin.ExplainCall;
import io.larder.app.Explainer;
import io.larder.config.Loaded;
import io.larder.config.load.Problems;
import io.larder.whatif.Described;
import io.larder.whatif.Explanation;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code larder explain}: what is done with a request, and why. */
@Command(
        name = "explain",
        description =
                "Explain what happens to a request, step by step: asked of a running gateway, or with -c of a file.")
final class ExplainCommand implements Callable<Integer> {
    private final ConfigFiles files;
    private final InstantSource clock;
    private final boolean colours;

    @Parameters(paramLabel = "URL", description = "What is asked for, such as https://shop.example/cart?id=7.")
    private String url = "";

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Default: GET.")
    private @Nullable String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A field of the request; Host names another host than the URL.")
    private List<String> headers = List.of();

    @Option(names = "--status", paramLabel = "CODE", description = "What would become of a response with this status?")
    private @Nullable Integer status;

    @Option(names = "--response", paramLabel = "'NAME: VALUE'", description = "And of one with this field?")
    private List<String> response = List.of();

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "Where it comes in; default: the first listener on which a site answers to the host.")
    private @Nullable String listener;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Who connects; default: 127.0.0.1.")
    private @Nullable String client;

    @Mixin
    private ConfigOption config;

    @Mixin
    private GatewayOptions gateway;

    @Spec
    private CommandSpec spec;

    ExplainCommand(ConfigFiles files, InstantSource clock, boolean colours) {
        this.files = files;
        this.clock = clock;
        this.colours = colours;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (config.isGiven() && gateway.isGiven()) {
            throw new ParameterException(spec.commandLine(), "give --config or --admin, not both");
        }
        ObjectNode asked = asked();
        Described described = described(asked);
        String json = config.isGiven() ? offline(described) : live(asked);
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(json.strip());
        } else {
            out.print(new ExplanationText(colours).of(read(json)));
        }
        out.flush();
        return Exit.DONE;
    }

    /** Read here too, so that what is wrong with the description is a matter of usage. */
    private Described described(ObjectNode asked) {
        try {
            return ExplainCall.parse(asked.toString());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String offline(Described described) {
        return switch (files.load(new Source.ConfigFile(config.file()))) {
            case Loaded.Good good -> {
                String unknown = described.listener();
                if (unknown != null && !good.config().listeners().containsKey(unknown)) {
                    throw new Failed(Exit.BAD_INPUT, "no listener is called " + unknown);
                }
                yield ExplainCall.json(Explainer.offline(good.config(), described, clock.instant()));
            }
            case Loaded.Bad bad ->
                throw new Failed(
                        Exit.BAD_INPUT,
                        "the configuration cannot be used\n"
                                + Problems.text(bad.problems()).stripTrailing());
        };
    }

    private String live(ObjectNode asked) throws InterruptedException {
        try {
            return gateway.client(files.environment())
                    .post("/v1/explain", asked)
                    .text();
        } catch (Failed failed) {
            throw new Failed(failed.exit(), failed.message() + "; -c FILE explains by a configuration alone");
        }
    }

    private static Explanation read(String json) {
        try {
            return ExplainCall.read(json);
        } catch (IllegalArgumentException e) {
            throw new Failed(Exit.FAILED, "the gateway's answer is not understood: is it of another version?");
        }
    }

    private ObjectNode asked() {
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        asked.put("url", url);
        put(asked, "method", method);
        put(asked, "listener", listener);
        put(asked, "client", client);
        fields(asked.putObject("headers"), headers);
        if (status != null || !response.isEmpty()) {
            asked.put("status", status == null ? 200 : status);
            fields(asked.putObject("response"), response);
        }
        return asked;
    }

    private static void put(ObjectNode asked, String key, @Nullable String value) {
        if (value != null) {
            asked.put(key, value);
        }
    }

    private void fields(ObjectNode to, List<String> lines) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ParameterException(spec.commandLine(), "a field is written 'Name: value', not " + line);
            }
            ArrayNode values = to.withArray(
                    "/" + line.substring(0, colon).strip().replace("~", "~0").replace("/", "~1"));
            values.add(line.substring(colon + 1).strip());
        }
    }
}
