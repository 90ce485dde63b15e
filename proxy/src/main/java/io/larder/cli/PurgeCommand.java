package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.larder.admin.PurgeOrder;
import io.larder.config.bind.Quantities;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code larder purge}: makes stored responses invalid on a running gateway. */
@Command(name = "purge", description = "Make stored responses invalid, in all their variants.")
final class PurgeCommand implements Callable<Integer> {
    private final UnaryOperator<@Nullable String> environment;

    @Parameters(paramLabel = "URL", arity = "0..*", description = "Exact URLs, such as https://shop.example/cart.")
    private List<String> urls = List.of();

    @Option(names = "--tag", paramLabel = "TAG", description = "All responses that carry this tag.")
    private List<String> tags = List.of();

    @Option(names = "--prefix", paramLabel = "URL", description = "All URLs that begin with this one.")
    private List<String> prefixes = List.of();

    @Option(
            names = "--match",
            paramLabel = "GLOB",
            description = "All URLs that match, such as 'shop.example/products/*' or '*/logo.png'.")
    private List<String> matches = List.of();

    @Option(names = "--host", paramLabel = "HOST", description = "All URLs of this host.")
    private List<String> hosts = List.of();

    @Option(names = "--all", description = "Everything.")
    private boolean all;

    @Option(names = "--soft", description = "Only make stale: served once more while a new response is fetched.")
    private boolean soft;

    @Option(
            names = "--spread",
            paramLabel = "TIME",
            description =
                    "With --soft: make stale little by little over this time, such as 60s, to spare the application.")
    private @Nullable String spread;

    @Option(
            names = "--origin-rps",
            paramLabel = "N",
            description = "With --soft: so slowly that about N requests a second have to be fetched anew.")
    private @Nullable Integer rate;

    @Option(names = "--dry-run", description = "Only count what would be purged.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long nodes may take to confirm, such as 30s; default: 5s, at most 10m.")
    private @Nullable String patience;

    @Mixin
    private GatewayOptions gateway;

    @Spec
    private CommandSpec spec;

    PurgeCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean named = Stream.of(urls, tags, prefixes, matches, hosts).anyMatch(names -> !names.isEmpty());
        if (!all && !named) {
            throw new ParameterException(
                    spec.commandLine(), "purge what? Give URLs, --tag, --prefix, --match, --host, or --all");
        }
        if (!soft && (spread != null || rate != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--spread and --origin-rps go with --soft: what is removed is removed at once");
        }
        if (spread != null && rate != null) {
            throw new ParameterException(spec.commandLine(), "--spread and --origin-rps: give one of them");
        }
        PurgeAnswer answer = PurgeAnswer.of(gateway.clients(environment), order(), longer(patience));
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(answer.text());
        } else {
            print(answer.json(), out);
        }
        if (answer.isComplete()) {
            return Exit.DONE;
        }
        complain(answer.json());
        return Exit.PARTLY_DONE;
    }

    /** How much longer than usual an answer may take; where nothing is said, the gateway's own patience is short. */
    private Duration longer(@Nullable String text) {
        Duration longer = text == null ? Duration.ZERO : duration(text);
        if (longer == null || longer.compareTo(PurgeOrder.LONGEST_PATIENCE) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "--wait takes a time such as 5s, and at most 10m, not " + text);
        }
        return longer;
    }

    private static @Nullable Duration duration(String text) {
        try {
            return Quantities.duration(text);
        } catch (IllegalArgumentException tooLong) {
            return null;
        }
    }

    private ObjectNode order() {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        urls.forEach(order.putArray("urls")::add);
        tags.forEach(order.putArray("tags")::add);
        prefixes.forEach(order.putArray("prefixes")::add);
        matches.forEach(order.putArray("matches")::add);
        hosts.forEach(order.putArray("hosts")::add);
        order.put("all", all);
        order.put("soft", soft);
        if (spread != null) {
            order.put("spread", spread);
        }
        if (rate != null) {
            order.put("origin-rps", rate);
        }
        order.put("dry-run", dryRun);
        if (patience != null) {
            order.put("wait", patience);
        }
        return order;
    }

    private String deed() {
        String deed = soft ? "made stale" : "purged";
        return dryRun ? "would be " + deed : deed;
    }

    private void print(JsonNode answer, PrintWriter out) {
        long matched = answer.path("matched").asLong();
        String least = answer.path("counting").asBoolean() ? "at least " : "";
        out.println(deed() + ": " + least + matched + (matched == 1 ? " stored response" : " stored responses") + ", "
                + answer.path("took-ms").asDouble() + " ms");
        Table nodes = new Table("NODE", "CONFIRMED");
        answer.path("nodes")
                .path("acked")
                .properties()
                .forEach(node ->
                        nodes.row(node.getKey(), "after " + node.getValue().asDouble() + " ms"));
        answer.path("nodes").path("missing").forEach(node -> nodes.row(node.asText(), "not yet"));
        out.print(nodes);
        out.flush();
    }

    private void complain(JsonNode answer) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("larder: not complete: "
                + Printable.of(answer.path("reason").asText("some node has not confirmed in time")));
        List<String> missing = new ArrayList<>();
        answer.path("nodes").path("missing").forEach(node -> missing.add(node.asText()));
        if (!missing.isEmpty()) {
            err.println("larder: missing: " + Printable.of(String.join(", ", missing)));
        }
    }
}
