package io.larder.cli;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code larder}: reads the command line and runs the command it names. */
@Command(
        name = "larder",
        description = "A caching reverse-proxy gateway.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        footer = {"", "Exit status: 0 done, 1 failed, 2 bad usage or configuration, 3 partly done."})
public final class Main implements Runnable {
    @Option(
            names = "--verbose",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show stack traces of unexpected errors (also: LARDER_DEBUG=1).")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /** What the commands need of the world around them. */
    public record World(Server server, Configs configs, UnaryOperator<@Nullable String> environment, boolean colours) {}

    public static void main(String[] arguments) {
        ConfigFiles files = new ConfigFiles(System::getenv);
        Server server = new LiveServer(files);
        ServeLine serve = ServeLine.read(arguments);
        System.exit(serve == null ? run(server, files, arguments) : run(server, serve));
    }

    private static int run(Server server, ConfigFiles files, String[] arguments) {
        World world = new World(server, files, System::getenv, coloursWanted());
        CommandLine line = commandLine(world, arguments);
        int status = line.execute(arguments);
        line.getOut().flush();
        line.getErr().flush();
        return status;
    }

    private static int run(Server server, ServeLine line) {
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        return run(new Serve(server, out, err), line, System::getenv);
    }

    /** Serves. Returns the exit status, whatever fails. */
    static int run(Serve serve, ServeLine line, UnaryOperator<@Nullable String> environment) {
        try {
            return serve.run(line.source(), line.pidFile());
        } catch (InterruptedException | RuntimeException failure) {
            return failed(failure, serve.err(), isDebug(environment));
        }
    }

    /** The command line, ready to be given any arguments. */
    public static CommandLine commandLine(World world) {
        return commandLine(world, commands(world));
    }

    /**
     * The command line, ready to be given these arguments. It knows no command but the one that they begin with: reading
     * the others takes as long as all else between the start of the JVM and the gateway's.
     */
    static CommandLine commandLine(World world, String[] arguments) {
        Map<String, Supplier<Object>> commands = commands(world);
        Supplier<Object> named = arguments.length == 0 ? null : commands.get(arguments[0]);
        return commandLine(world, named == null ? commands : Map.of(arguments[0], named));
    }

    private static Map<String, Supplier<Object>> commands(World world) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> new ServeCommand(world.server()));
        commands.put("demo", () -> new DemoCommand(world.server()));
        commands.put("check", () -> new CheckCommand(world.configs()));
        commands.put("config", () -> new ConfigCommand(world.configs()));
        commands.put(
                "explain",
                () -> new ExplainCommand(
                        new ConfigFiles(world.environment()), InstantSource.system(), world.colours()));
        commands.put("purge", () -> new PurgeCommand(world.environment()));
        commands.put("reload", () -> new ReloadCommand(world.environment(), world.colours()));
        commands.put("status", () -> new StatusCommand(world.environment(), world.colours()));
        commands.put("upstream", () -> UpstreamCommand.of(world.environment(), world.colours()));
        commands.put("nodes", () -> new NodesCommand(world.environment(), world.colours()));
        commands.put("password", () -> new PasswordCommand(PasswordCommand::fromTerminal, new SecureRandom()));
        commands.put("rehearse", () -> new RehearseCommand(world));
        return commands;
    }

    private static CommandLine commandLine(World world, Map<String, Supplier<Object>> commands) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(world.colours() ? Ansi.ON : Ansi.OFF));
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler((failure, command, parsed) ->
                failed(failure, command.getErr(), main.verbose || isDebug(world.environment())));
        return line;
    }

    /** Whether output may be coloured: on a terminal, unless NO_COLOR is set. */
    public static boolean coloursWanted() {
        return Ansi.AUTO.enabled();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? See larder --help");
    }

    private static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("larder: " + Printable.of(String.valueOf(misuse.getMessage())));
        UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Exit.BAD_INPUT;
    }

    private static int failed(Exception failure, PrintWriter err, boolean traced) {
        if (failure instanceof Failed expected) {
            err.println("larder: " + Printable.of(expected.message()));
            return expected.exit();
        }
        err.println("larder: unexpected error: " + Printable.of(failure.toString()));
        if (traced) {
            trace(failure, err);
        } else {
            err.println("This is a bug in Larder; LARDER_DEBUG=1 or --verbose shows where.");
        }
        return Exit.FAILED;
    }

    private static boolean isDebug(UnaryOperator<@Nullable String> environment) {
        String debug = environment.apply("LARDER_DEBUG");
        return debug != null && !debug.isEmpty() && !debug.equals("0");
    }

    private static void trace(Throwable failure, PrintWriter err) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            err.println(Printable.of(cause.toString()));
            for (StackTraceElement element : cause.getStackTrace()) {
                err.println("\tat " + element);
            }
        }
    }
}
