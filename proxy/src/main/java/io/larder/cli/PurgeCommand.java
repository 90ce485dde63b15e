package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
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

    @Option(names = "--dry-run", description = "Only count what would be purged.")
    private boolean dryRun;

    @Option(names = "--wait", paramLabel = "TIME", description = "How long nodes may take to confirm, such as 5s.")
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
        AdminClient.Answer answer = gateway.client(environment).post("/v1/purge", order());
        JsonNode missing = answer.json().path("nodes").path("missing");
        print(answer, missing);
        return missing.isEmpty() ? Exit.DONE : Exit.PARTLY_DONE;
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

    private void print(AdminClient.Answer answer, JsonNode missing) {
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(answer.text().strip());
            return;
        }
        long matched = answer.json().path("matched").asLong();
        out.println(deed() + ": " + matched + (matched == 1 ? " stored response" : " stored responses") + ", "
                + answer.json().path("took-ms").asDouble() + " ms");
        Table nodes = new Table("NODE", "CONFIRMED");
        answer.json()
                .path("nodes")
                .path("acked")
                .properties()
                .forEach(node ->
                        nodes.row(node.getKey(), "after " + node.getValue().asDouble() + " ms"));
        missing.forEach(node -> nodes.row(node.asText(), "not yet"));
        out.print(nodes);
    }
}
