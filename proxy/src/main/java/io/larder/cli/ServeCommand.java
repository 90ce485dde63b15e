package io.larder.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code larder serve}: runs the gateway. */
@Command(name = "serve", description = "Run the gateway.")
final class ServeCommand implements Callable<Integer> {
    private static final String DEFAULT_BIND = ":8080";

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
            description = "With --upstream: where to listen; default: " + DEFAULT_BIND + ".")
    private @Nullable String bind;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "Write the process id here while the gateway runs.")
    private @Nullable Path pidFile;

    @Spec
    private CommandSpec spec;

    ServeCommand(Server server) {
        this.server = server;
    }

    @Override
    public Integer call() throws InterruptedException {
        Source source = source();
        try {
            return server.run(source, this::serving);
        } finally {
            removePid();
        }
    }

    private Source source() {
        if (upstream == null) {
            if (bind != null) {
                throw new ParameterException(spec.commandLine(), "--bind goes with --upstream");
            }
            return new Source.ConfigFile(config.file());
        }
        if (config.isGiven()) {
            throw new ParameterException(spec.commandLine(), "give --config or --upstream, not both");
        }
        return new Source.Fronting(upstream, bind == null ? DEFAULT_BIND : bind);
    }

    private void serving(List<Server.Listening> listeners) {
        writePid();
        PrintWriter out = spec.commandLine().getOut();
        listeners.forEach(listener -> out.println("larder: " + listener.name() + " on " + listener.address()));
        out.flush();
    }

    private void writePid() {
        if (pidFile != null) {
            try {
                Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
            } catch (IOException e) {
                throw new Failed(Exit.FAILED, "cannot write the pid file " + pidFile + ": " + e);
            }
        }
    }

    private void removePid() {
        if (pidFile != null) {
            try {
                Files.deleteIfExists(pidFile);
            } catch (IOException e) {
                spec.commandLine().getErr().println("larder: cannot remove the pid file " + pidFile + ": " + e);
            }
        }
    }
}
