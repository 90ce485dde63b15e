package io.larder.cli;

import java.io.PrintWriter;
import java.time.InstantSource;
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
        World world = new World(new LiveServer(files), files, System::getenv, coloursWanted());
        CommandLine line = commandLine(world);
        int status = line.execute(arguments);
        line.getOut().flush();
        line.getErr().flush();
        System.exit(status);
    }

    /** The command line, ready to be given arguments. */
    public static CommandLine commandLine(World world) {
        Main main = new Main();
        CommandLine line = new CommandLine(main)
                .addSubcommand(new ServeCommand(world.server()))
                .addSubcommand(new DemoCommand(world.server()))
                .addSubcommand(new CheckCommand(world.configs()))
                .addSubcommand(new ConfigCommand(world.configs()))
                .addSubcommand(new ExplainCommand(
                        new ConfigFiles(world.environment()), InstantSource.system(), world.colours()))
                .addSubcommand(new PurgeCommand(world.environment()))
                .addSubcommand(new StatusCommand(world.environment(), world.colours()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(world.colours() ? Ansi.ON : Ansi.OFF));
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler((failure, command, parsed) -> main.failed(failure, command, world));
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

    private int failed(Exception failure, CommandLine command, World world) {
        PrintWriter err = command.getErr();
        if (failure instanceof Failed expected) {
            err.println("larder: " + Printable.of(expected.message()));
            return expected.exit();
        }
        err.println("larder: unexpected error: " + Printable.of(failure.toString()));
        String debug = world.environment().apply("LARDER_DEBUG");
        if (verbose || (debug != null && !debug.isEmpty() && !debug.equals("0"))) {
            trace(failure, err);
        } else {
            err.println("This is a bug in Larder; LARDER_DEBUG=1 or --verbose shows where.");
        }
        return Exit.FAILED;
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
