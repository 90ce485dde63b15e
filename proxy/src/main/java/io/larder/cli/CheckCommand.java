package io.larder.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code larder check}: says what is wrong with a configuration. */
@Command(name = "check", description = "Validate a configuration: every problem with its place.")
final class CheckCommand implements Callable<Integer> {
    private final Configs configs;

    @Mixin
    private ConfigOption config;

    @Option(names = "--strict", description = "Treat warnings as errors.")
    private boolean strict;

    @Option(names = "--json", description = "Print the problems as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    CheckCommand(Configs configs) {
        this.configs = configs;
    }

    @Override
    public Integer call() {
        Configs.Verdict verdict = configs.read(new Source.ConfigFile(config.file()), strict);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(verdict.json());
        } else {
            out.print(verdict.text());
            out.println(verdict.usable() ? config.file() + " is good" : config.file() + " cannot be used");
        }
        return verdict.usable() ? Exit.DONE : Exit.BAD_INPUT;
    }
}
