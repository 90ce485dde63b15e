package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code larder upstream}: the servers that requests go to; takes one out, and lets it in again. */
@Command(name = "upstream", description = "Show the servers behind a gateway; take one out and back in.")
final class UpstreamCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private UpstreamCommand() {}

    /** The command with its subcommands. */
    static CommandLine of(UnaryOperator<@Nullable String> environment, boolean colours) {
        return new CommandLine(new UpstreamCommand())
                .addSubcommand(new Listing(environment, colours))
                .addSubcommand(new Drain(environment))
                .addSubcommand(new Resume(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, drain or resume");
    }

    @Command(name = "list", description = "Show all servers, whether they get requests, and how busy they are.")
    private static final class Listing implements Callable<Integer> {
        private final UnaryOperator<@Nullable String> environment;
        private final Ansi ansi;

        @Mixin
        private GatewayOptions gateway;

        @Spec
        private CommandSpec spec;

        Listing(UnaryOperator<@Nullable String> environment, boolean colours) {
            this.environment = environment;
            this.ansi = colours ? Ansi.ON : Ansi.OFF;
        }

        @Override
        public Integer call() throws InterruptedException {
            AdminClient.Answer answer = gateway.client(environment).get("/v1/upstreams");
            PrintWriter out = spec.commandLine().getOut();
            if (gateway.isJson()) {
                out.println(answer.text().strip());
            } else {
                out.print(coloured(table(answer.json().path("upstreams"))));
            }
            return Exit.DONE;
        }

        private static Table table(JsonNode upstreams) {
            Table table = new Table(
                    "UPSTREAM", "SERVER", "STATE", "WEIGHT", "IN FLIGHT", "PENDING", "WAIT", "REQUESTS", "FAILURES");
            upstreams.forEach(upstream -> {
                upstream.path("servers").forEach(server -> row(table, upstream, server));
                if (upstream.path("servers").isEmpty()) {
                    table.row(text(upstream, "name"), "(none is known)", "", "", "", "", "", "", "");
                }
            });
            return table;
        }

        private static void row(Table table, JsonNode upstream, JsonNode server) {
            table.row(
                    text(upstream, "name"),
                    text(server, "address") + (server.path("backup").asBoolean() ? " (backup)" : ""),
                    text(server, "state"),
                    text(server, "weight"),
                    text(server, "in-flight"),
                    text(server, "pending"),
                    wait(server),
                    text(server, "requests"),
                    text(server, "failures"));
        }

        /** The mean of those that had to wait. */
        private static String wait(JsonNode server) {
            long waits = server.path("waits").asLong();
            double seconds = server.path("waited-seconds").asDouble();
            return waits == 0 ? "-" : String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds / waits);
        }

        private String coloured(Table table) {
            if (ansi == Ansi.OFF) {
                return table.toString();
            }
            return table.toString()
                    .replaceAll("(?m)(?<=  )(down|ejected|drained)(?=  )", "\u001b[31m$1\u001b[39m")
                    .replaceAll("(?m)(?<=  )(up)(?=  )", "\u001b[32m$1\u001b[39m");
        }
    }

    @Command(name = "drain", description = "Take a server out: it finishes what it has and gets nothing new.")
    private static final class Drain implements Callable<Integer> {
        private final UnaryOperator<@Nullable String> environment;

        @Mixin
        private GatewayOptions gateway;

        @Mixin
        private Named named;

        @Spec
        private CommandSpec spec;

        Drain(UnaryOperator<@Nullable String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() throws InterruptedException {
            return named.change(
                    gateway, environment, "drain", spec.commandLine().getOut());
        }
    }

    @Command(name = "resume", description = "Let a server that was taken out in again.")
    private static final class Resume implements Callable<Integer> {
        private final UnaryOperator<@Nullable String> environment;

        @Mixin
        private GatewayOptions gateway;

        @Mixin
        private Named named;

        @Spec
        private CommandSpec spec;

        Resume(UnaryOperator<@Nullable String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() throws InterruptedException {
            return named.change(
                    gateway, environment, "resume", spec.commandLine().getOut());
        }
    }

    /** Which server is meant. */
    private static final class Named {
        @Parameters(index = "0", paramLabel = "UPSTREAM", description = "The upstream's name.")
        private String upstream;

        @Parameters(
                index = "1",
                paramLabel = "SERVER",
                description = "The server's address, as larder upstream list shows it.")
        private String server;

        int change(GatewayOptions gateway, UnaryOperator<@Nullable String> environment, String state, PrintWriter out)
                throws InterruptedException {
            AdminClient.Answer answer = gateway.client(environment)
                    .post(
                            "/v1/upstreams/" + encoded(upstream) + "/servers/" + encoded(server),
                            JsonNodeFactory.instance.objectNode().put("state", state));
            out.println(
                    gateway.isJson()
                            ? answer.text().strip()
                            : Printable.of(upstream + " " + server + ": " + text(answer.json(), "state") + ", "
                                    + text(answer.json(), "in-flight") + " in flight"));
            return Exit.DONE;
        }

        private static String encoded(String segment) {
            return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asText("?");
    }
}
