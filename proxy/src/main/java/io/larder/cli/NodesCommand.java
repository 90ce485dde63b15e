package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code larder nodes}: the nodes that purge together, as one of them sees them. */
@Command(name = "nodes", description = "Show the nodes that purge together, and how far each has come.")
final class NodesCommand implements Callable<Integer> {
    private static final int MOST_BEHIND = 100; // more are not counted

    private final UnaryOperator<@Nullable String> environment;
    private final Ansi ansi;

    @Mixin
    private GatewayOptions gateway;

    @Spec
    private CommandSpec spec;

    NodesCommand(UnaryOperator<@Nullable String> environment, boolean colours) {
        this.environment = environment;
        this.ansi = colours ? Ansi.ON : Ansi.OFF;
    }

    @Override
    public Integer call() throws InterruptedException {
        AdminClient.Answer answer = gateway.client(environment).get("/v1/nodes");
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(answer.text().strip());
        } else if (answer.json().path("mode").asText().equals("single")) {
            out.println(Printable.of("one node, " + text(answer.json().path("self"), "name")
                    + ": there is no cache.redis in its configuration, so that it knows of no other"));
        } else {
            print(answer.json(), out);
        }
        return Exit.DONE;
    }

    private void print(JsonNode view, PrintWriter out) {
        out.println(self(view.path("self")));
        out.println(redis(view.path("redis")));
        out.println(log(view.path("log")));
        out.println();
        out.print(nodes(view.path("nodes")));
    }

    private String self(JsonNode self) {
        boolean current = self.path("current").asBoolean();
        String lag =
                self.has("lag-ms") ? Elapsed.of(self.path("lag-ms").asLong()) + " behind the log" : "never caught up";
        return Printable.of("this node: " + text(self, "name")) + ", "
                + ansi.string(current ? "@|green current|@" : "@|red not current|@")
                + Printable.of(" (" + lag + "; after "
                        + Elapsed.of(self.path("max-lag-ms").asLong()) + ": " + text(self, "when-lagging") + ")");
    }

    private String redis(JsonNode redis) {
        return redis.path("reached").asBoolean()
                ? "Redis:     reached"
                : "Redis:     "
                        + ansi.string("@|red not reached|@ for "
                                + Elapsed.of(redis.path("unreached-ms").asLong()));
    }

    private static String log(JsonNode log) {
        if (log.isMissingNode()) {
            return "log:       cannot be asked, so that nobody knows here who else lives";
        }
        long unsettled = log.path("unsettled-ms").asLong();
        return Printable.of("log:       epoch " + text(log, "epoch") + ", from " + text(log, "floor") + " to "
                + text(log, "last")
                + (unsettled == 0 ? "" : "; new: nodes that are not known yet may live for " + Elapsed.of(unsettled)));
    }

    private static Table nodes(JsonNode nodes) {
        Table table = new Table("NODE", "CURSOR", "BEHIND", "HEARD", "LEASE");
        nodes.forEach(node -> table.row(
                text(node, "name") + (node.path("self").asBoolean() ? " (this one)" : ""),
                node.path("cursor").asText("?"),
                behind(node.path("behind")),
                node.has("lag-ms") ? Elapsed.of(node.path("lag-ms").asLong()) + " ago" : "?",
                node.has("lease-ms") ? Elapsed.of(node.path("lease-ms").asLong()) : "?"));
        return table;
    }

    private static String behind(JsonNode entries) {
        return entries.asLong() < MOST_BEHIND ? entries.asText("?") : MOST_BEHIND + " or more";
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asText("?");
    }
}
