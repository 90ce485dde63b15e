package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code larder status}: what a running gateway says of itself. */
@Command(name = "status", description = "Show the gateway, its cache and its upstreams.")
final class StatusCommand implements Callable<Integer> {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private final UnaryOperator<@Nullable String> environment;
    private final Ansi ansi;

    @Mixin
    private GatewayOptions gateway;

    @Spec
    private CommandSpec spec;

    StatusCommand(UnaryOperator<@Nullable String> environment, boolean colours) {
        this.environment = environment;
        this.ansi = colours ? Ansi.ON : Ansi.OFF;
    }

    @Override
    public Integer call() throws InterruptedException {
        AdminClient.Answer answer = gateway.client(environment).get("/v1/status");
        PrintWriter out = spec.commandLine().getOut();
        if (gateway.isJson()) {
            out.println(answer.text().strip());
        } else {
            print(answer.json(), out);
        }
        return Exit.DONE;
    }

    private void print(JsonNode status, PrintWriter out) {
        String phase = text(status, "phase");
        out.println("larder " + text(status, "version") + ", " + coloured(phase, phase.equals("ready")) + ", up "
                + uptime(status.path("uptime-seconds").asLong()) + ", " + text(status, "transport"));
        configuration(status.path("configuration"), out);
        coherence(status.path("coherence"), out);
        out.println(requests(status.path("requests")));
        section(out, listeners(status));
        section(out, tiers(status));
        section(out, servers(status));
        section(out, shadows(status));
        section(out, findings(status));
    }

    private void configuration(JsonNode configuration, PrintWriter out) {
        List<String> files = new ArrayList<>();
        configuration.path("files").forEach(file -> files.add(file.asText()));
        out.println(Printable.of("configuration: " + (files.isEmpty() ? "no file" : String.join(", ", files))
                + ", live since " + text(configuration, "loaded")));
        if (!configuration.path("current").asBoolean(true)) {
            out.println(
                    coloured("the latest files were refused: ", false) + Printable.of(text(configuration, "problem")));
        }
        List<String> later = new ArrayList<>();
        configuration.path("restart-needed").forEach(key -> later.add(key.asText()));
        if (!later.isEmpty()) {
            out.println(Printable.of("takes effect at the next start: " + String.join(", ", later)));
        }
    }

    private void coherence(JsonNode coherence, PrintWriter out) {
        if (coherence.path("mode").asText().equals("single")) {
            out.println("coherence: single node");
        } else if (!coherence.isMissingNode()) {
            boolean current = coherence.path("current").asBoolean();
            out.println("coherence: shared, " + coloured(current ? "current" : "not current", current)
                    + Printable.of(lag(coherence.path("lag-ms")) + ", epoch " + text(coherence, "epoch")));
        }
    }

    private static String lag(JsonNode millis) {
        return millis.isMissingNode() ? ", never caught up" : ", lag " + Elapsed.of(millis.asLong());
    }

    private static String requests(JsonNode requests) {
        long all = 0;
        long hits = 0;
        StringBuilder line = new StringBuilder("requests:");
        for (var outcome : requests.properties()) {
            long count = outcome.getValue().asLong();
            all += count;
            hits += outcome.getKey().equals("hit") || outcome.getKey().equals("stale") ? count : 0;
            line.append(' ').append(Printable.of(outcome.getKey())).append(' ').append(count);
        }
        if (all == 0) {
            return "requests: none yet";
        }
        return line + String.format(Locale.ROOT, " (%.1f %% from cache)", 100.0 * hits / all);
    }

    private static Table listeners(JsonNode status) {
        Table table = new Table("LISTENER", "ADDRESS", "TLS");
        status.path("listeners")
                .forEach(listener ->
                        table.row(text(listener, "name"), text(listener, "address"), tls(listener.path("tls"))));
        return table;
    }

    private static String tls(JsonNode tls) {
        return tls.isObject()
                ? text(tls, "engine") + ", certificates good until " + text(tls, "certificates-until")
                : "-";
    }

    private static Table tiers(JsonNode status) {
        Table table = new Table("CACHE", "USED", "OF", "ENTRIES", "EVICTIONS");
        status.path("tiers")
                .forEach(tier -> table.row(
                        text(tier, "name"),
                        size(tier.path("bytes").asLong()),
                        size(tier.path("capacity").asLong()),
                        text(tier, "entries"),
                        text(tier, "evictions")));
        return table;
    }

    private static Table servers(JsonNode status) {
        Table table = new Table("UPSTREAM", "SERVER", "STATE", "CONNECTIONS", "IN FLIGHT", "REQUESTS", "FAILURES");
        status.path("upstreams")
                .forEach(upstream -> upstream.path("servers")
                        .forEach(server -> table.row(
                                text(upstream, "name"),
                                text(server, "address"),
                                text(server, "state"),
                                text(server, "connections"),
                                text(server, "in-flight"),
                                text(server, "requests"),
                                text(server, "failures"))));
        return table;
    }

    private static Table shadows(JsonNode status) {
        Table table = new Table("SHADOW", "ROUTE", "COMPARED", "SAME", "DIFFER OVER TIME", "DIFFER PER VISITOR");
        status.path("guard").forEach(route -> {
            JsonNode shadow = route.path("shadow");
            long same = shadow.path("same").asLong();
            long overTime = shadow.path("over-time").asLong();
            long perVisitor = shadow.path("per-visitor").asLong();
            if (same + overTime + perVisitor > 0) {
                table.row(
                        text(route, "site"),
                        text(route, "route"),
                        Long.toString(same + overTime + perVisitor),
                        Long.toString(same),
                        Long.toString(overTime),
                        Long.toString(perVisitor));
            }
        });
        return table;
    }

    private static Table findings(JsonNode status) {
        Table table = new Table("GUARD", "ROUTE", "TIMES", "WHAT", "URL");
        status.path("guard")
                .forEach(route -> route.path("findings")
                        .forEach(finding -> table.row(
                                text(route, "site"),
                                text(route, "route"),
                                text(finding, "count"),
                                text(finding, "what"),
                                text(finding, "url"))));
        return table;
    }

    private static void section(PrintWriter out, Table table) {
        if (!table.isEmpty()) {
            out.println();
            out.print(table);
        }
    }

    private String coloured(String text, boolean good) {
        return ansi.string("@|" + (good ? "green " : "red ") + text.replaceAll("[^\\w .:-]", "") + "|@");
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asText("?");
    }

    static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    static String uptime(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h " + seconds / 60 % 60 + "m"
                : seconds / 86_400 + "d " + seconds / 3600 % 24 + "h";
    }
}
