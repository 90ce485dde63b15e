package io.larder.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code larder config}: prints what a configuration means. */
@Command(name = "config", description = "Print the effective configuration: defaults filled in, secrets masked.")
final class ConfigCommand implements Callable<Integer> {
    private final Configs configs;

    @Mixin
    private ConfigOption config;

    @Spec
    private CommandSpec spec;

    ConfigCommand(Configs configs) {
        this.configs = configs;
    }

    @Override
    public Integer call() {
        Configs.Verdict verdict = configs.read(new Source.ConfigFile(config.file()), false);
        PrintWriter err = spec.commandLine().getErr();
        err.print(verdict.text());
        err.flush();
        spec.commandLine().getOut().print(verdict.effective());
        spec.commandLine().getOut().flush();
        return verdict.usable() ? Exit.DONE : Exit.BAD_INPUT;
    }
}
