package io.larder.cli;

import io.larder.admission.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code larder password}: makes a line for the file of {@code auth.basic}. */
@Command(
        name = "password",
        description = {
            "Make a line for the file of auth.basic: a name, and what is kept of its password.",
            "The password is asked for, unseen; with --stdin it is the first line of standard input."
        })
final class PasswordCommand implements Callable<Integer> {
    private static final int LEAST_ITERATIONS = 1_000;
    private static final int MOST_ITERATIONS = 10_000_000;

    /** Gets a password from somebody. */
    @FunctionalInterface
    interface Asking {
        /**
         * The password; null where there is none.
         *
         * @param piped whether it comes from standard input, where nobody is to be asked
         */
        @Nullable
        String ask(String prompt, boolean piped) throws IOException;
    }

    private final Asking asking;
    private final RandomGenerator random;

    @Parameters(paramLabel = "NAME", description = "Whose password it is.")
    private String name = "";

    @Option(
            names = "--iterations",
            defaultValue = "" + PasswordHash.USUAL_ITERATIONS,
            description = "How dear guessing is, and each check: ${DEFAULT-VALUE} if not given.")
    private int iterations;

    @Option(names = "--stdin", description = "Read the password from standard input.")
    private boolean piped;

    @Spec
    private CommandSpec spec;

    PasswordCommand(Asking asking, RandomGenerator random) {
        this.asking = asking;
        this.random = random;
    }

    @Override
    public Integer call() throws IOException {
        if (name.isBlank() || name.indexOf(':') >= 0 || name.startsWith("#") || hasControl(name)) {
            throw new Failed(Exit.BAD_INPUT, "a name is not empty, has no colon in it, and does not begin with #");
        }
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new Failed(
                    Exit.BAD_INPUT, "--iterations is a number from " + LEAST_ITERATIONS + " to " + MOST_ITERATIONS);
        }
        String password = asking.ask("password of " + name + ": ", piped);
        if (password == null || password.isEmpty() || hasControl(password)) {
            throw new Failed(Exit.BAD_INPUT, "there is no password, or it has control characters in it");
        }
        byte[] salt = new byte[PasswordHash.SALT];
        random.nextBytes(salt);
        spec.commandLine().getOut().println(name + ":" + PasswordHash.of(password, salt, iterations));
        return Exit.DONE;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** From the terminal, unseen, or from standard input. */
    @SuppressWarnings("SystemConsoleNull") // on Java 21 it is null without a terminal
    static @Nullable String fromTerminal(String prompt, boolean piped) throws IOException {
        if (piped) {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        }
        Console console = System.console();
        if (console == null) {
            throw new Failed(Exit.BAD_INPUT, "there is no terminal to ask on: write --stdin");
        }
        char[] typed = console.readPassword("%s", prompt);
        return typed == null ? null : String.valueOf(typed);
    }
}
