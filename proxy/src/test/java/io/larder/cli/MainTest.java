package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private static Run larder(String... arguments) {
        return Run.larder(Map.of(), arguments);
    }

    @Test
    void version() {
        Run run = larder("--version");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("larder ").contains("Java");
    }

    @Test
    void helpNamesEveryCommand() {
        Run run = larder("--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("serve", "demo", "check", "config", "purge", "reload", "status", "nodes", "Exit status");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "check", "config", "purge", "reload", "status", "nodes"})
    void everyCommandHelps(String command) {
        Run run = larder(command, "--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("Usage: larder " + command);
    }

    private static String usage(CommandLine line, String command) {
        return Objects.requireNonNull(line.getSubcommands().get(command)).getUsageMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "check", "config", "explain", "purge", "reload", "status", "nodes"})
    void aCommandLineForOneCommandReadsItAsTheWholeOneDoes(String command) {
        Main.World world = new Main.World(Run.NO_SERVER, Run.NO_CONFIGS, name -> null, false);
        String[] arguments = {command, "--help"};
        CommandLine one = Main.commandLine(world, arguments);
        assertThat(one.getSubcommands()).containsOnlyKeys(command);
        assertThat(usage(one, command)).isEqualTo(usage(Main.commandLine(world), command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "--verbose serve", "serv"})
    void aCommandLineThatBeginsWithNoCommandKnowsAll(String arguments) {
        Main.World world = new Main.World(Run.NO_SERVER, Run.NO_CONFIGS, name -> null, false);
        CommandLine line = Main.commandLine(world, arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(line.getSubcommands()).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|which command",
                "explain|'explain'",
                "top|'top'",
                "serv|serve",
                "purge --tags t|--tag",
                "purge --soft|purge what",
                "serve --bind :1|--bind goes with --upstream",
                "serve --upstream http://a -c b|not both",
                "demo --port x|--port",
                "purge|purge what",
                "status --admin nonsense|--admin takes a URL",
                "status --admin ftp://a/|--admin takes a URL",
                "status --admin http://u:p@a/|--admin takes a URL",
                "status --token-file /nonexistent/token|cannot read the token file"
            })
    void badUsageIs2AndSaysWhy(String arguments, String says) {
        Run run = larder(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("larder: ").contains(says).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aBugShowsItsTraceOnlyWhenAsked() {
        Server broken = (source, whenServing) -> {
            throw new IllegalStateException("odd\u001b[2J");
        };
        Run quiet = Run.larder(broken, Run.NO_CONFIGS, Map.of(), "serve");
        assertThat(quiet.exit()).isEqualTo(1);
        assertThat(quiet.err()).contains("unexpected error", "odd\uFFFD[2J").doesNotContain("\tat ");
        assertThat(Run.larder(broken, Run.NO_CONFIGS, Map.of("LARDER_DEBUG", "1"), "serve")
                        .err())
                .contains("\tat ");
        assertThat(Run.larder(broken, Run.NO_CONFIGS, Map.of(), "serve", "--verbose")
                        .err())
                .contains("\tat ");
    }

    @Test
    void serveSaysWhereItListensAndKeepsAPidFile(@TempDir Path dir) throws Exception {
        Path pid = dir.resolve("larder.pid");
        List<Source> sources = new ArrayList<>();
        List<String> pids = new ArrayList<>();
        Server server = (source, whenServing) -> {
            sources.add(source);
            whenServing.accept(List.of(new Server.Listening("web", "0.0.0.0:8080")));
            try {
                pids.add(Files.readString(pid).strip());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return Exit.DONE;
        };
        Run run = Run.larder(server, Run.NO_CONFIGS, Map.of(), "serve", "-c", "a.yaml", "--pid-file", pid.toString());
        assertThat(run).isEqualTo(new Run(0, "larder: web on 0.0.0.0:8080" + System.lineSeparator(), ""));
        assertThat(sources).containsExactly(new Source.ConfigFile(Path.of("a.yaml")));
        assertThat(pids).containsExactly(Long.toString(ProcessHandle.current().pid()));
        assertThat(pid).doesNotExist();
    }

    @Test
    void serveTakesItsSourceFromItsOptions() {
        List<Source> sources = new ArrayList<>();
        Server server = (source, whenServing) -> {
            sources.add(source);
            throw new Failed(Exit.BAD_INPUT, "a.yaml:1:1: unknown key");
        };
        Run run = Run.larder(server, Run.NO_CONFIGS, Map.of(), "serve");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("a.yaml:1:1: unknown key");
        Run.larder(server, Run.NO_CONFIGS, Map.of(), "serve", "--upstream", "http://127.0.0.1:8000");
        Run.larder(server, Run.NO_CONFIGS, Map.of(), "serve", "--upstream", "http://a", "--bind", ":9");
        Run.larder(server, Run.NO_CONFIGS, Map.of(), "serve", "--no-watch");
        assertThat(sources)
                .containsExactly(
                        new Source.ConfigFile(Path.of("config/larder.yaml")),
                        new Source.Fronting("http://127.0.0.1:8000", ":8080"),
                        new Source.Fronting("http://a", ":9"),
                        new Source.ConfigFile(Path.of("config/larder.yaml"), false));
    }

    @Test
    void checkAndConfig() {
        Configs good = (source, strict) -> strict
                ? new Configs.Verdict(false, 1, "a.yaml:2:3: warning: odd\n", "[{}]", "")
                : new Configs.Verdict(true, 1, "a.yaml:2:3: warning: odd\n", "[{}]", "sites: {}\n");
        Run check = Run.larder(Run.NO_SERVER, good, Map.of(), "check", "-c", "a.yaml");
        assertThat(check.exit()).isZero();
        assertThat(check.out()).contains("a.yaml:2:3: warning: odd", "a.yaml is good");
        Run strict = Run.larder(Run.NO_SERVER, good, Map.of(), "check", "-c", "a.yaml", "--strict");
        assertThat(strict.exit()).isEqualTo(2);
        assertThat(strict.out()).contains("cannot be used");
        assertThat(Run.larder(Run.NO_SERVER, good, Map.of(), "check", "--json").out())
                .isEqualTo("[{}]" + System.lineSeparator());
        Run config = Run.larder(Run.NO_SERVER, good, Map.of(), "config");
        assertThat(config).isEqualTo(new Run(0, "sites: {}\n", "a.yaml:2:3: warning: odd\n"));
    }
}
