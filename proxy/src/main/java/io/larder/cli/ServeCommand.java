package io.larder.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code larder serve}: runs the gateway. */
@Command(name = "serve", description = "Run the gateway.")
final class ServeCommand implements Callable<Integer> {
    private final Server server;

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--upstream",
            paramLabel = "URL",
            description = "Front this application, without a configuration file: http://127.0.0.1:8000.")
    private @Nullable String upstream;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "With --upstream: where to listen; default: " + Serve.DEFAULT_BIND + ".")
    private @Nullable String bind;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "Write the process id here while the gateway runs.")
    private @Nullable Path pidFile;

    @Option(
            names = "--no-watch",
            description = "Read the configuration again only when told to: larder reload, or SIGHUP.")
    private boolean unwatched;

    @Spec
    private CommandSpec spec;

    ServeCommand(Server server) {
        this.server = server;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = spec.commandLine();
        return new Serve(server, line.getOut(), line.getErr()).run(source(), pidFile);
    }

    private Source source() {
        if (upstream == null) {
            if (bind != null) {
                throw new ParameterException(spec.commandLine(), "--bind goes with --upstream");
            }
            return new Source.ConfigFile(config.file(), !unwatched);
        }
        if (config.isGiven()) {
            throw new ParameterException(spec.commandLine(), "give --config or --upstream, not both");
        }
        return new Source.Fronting(upstream, bind == null ? Serve.DEFAULT_BIND : bind);
    }
}
