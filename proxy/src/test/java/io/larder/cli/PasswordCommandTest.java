package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.PasswordList;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code larder password}. */
class PasswordCommandTest {
    private static Run run(@Nullable String password, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new PasswordCommand((prompt, piped) -> password, new Random(1)));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(failure.getMessage());
            return failure instanceof Failed expected ? expected.exit() : Exit.FAILED;
        });
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exit = line.execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    @Test
    void whatItPrintsIsALineOfTheFile() {
        Run run = run("correct horse", "ann", "--iterations", "1000");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("ann:$pbkdf2-sha256$i=1000$").doesNotContain("horse");
        PasswordList list = PasswordList.of(run.out());
        assertThat(list.has("ann", "correct horse")).isTrue();
        assertThat(list.has("ann", "wrong")).isFalse();
    }

    @Test
    void withoutMoreItIsAsDearAsIsRecommended() {
        assertThat(run("x", "ann").out()).startsWith("ann:$pbkdf2-sha256$i=600000$");
    }

    @ParameterizedTest
    @CsvSource({
        "a:b, secret, 1000",
        "'', secret, 1000",
        "'#a', secret, 1000",
        "ann, '', 1000",
        "ann, , 1000",
        "ann, secret, 999",
        "ann, secret, 10000001"
    })
    void refusesWhatNobodyCouldUse(String name, @Nullable String password, String iterations) {
        Run run = run(password, name, "--iterations", iterations);
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotBlank().doesNotContain("secret");
    }
}
