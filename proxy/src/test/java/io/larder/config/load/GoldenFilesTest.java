package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.source.Problem;
import io.larder.config.source.Problem.Severity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of each file in a folder, to the letter. */
class GoldenFilesTest {
    private static final String BROKEN = "src/test/resources/config/broken";
    private static final String ODD = "src/test/resources/config/odd";

    static List<Path> broken() {
        return Golden.yamlFiles(BROKEN);
    }

    static List<Path> odd() {
        return Golden.yamlFiles(ODD);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhatIsBroken(Path file) {
        Loaded loaded = load(file);

        assertThat(loaded).isInstanceOf(Bad.class);
        List<Problem> problems = ((Bad) loaded).problems();
        assertThat(problems).anyMatch(problem -> problem.severity() == Severity.ERROR);
        Golden.check(Golden.beside(file), text(problems, BROKEN));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void warnsOfWhatIsOdd(Path file) {
        Loaded loaded = load(file);

        assertThat(loaded).isInstanceOf(Good.class);
        List<Problem> warnings = ((Good) loaded).warnings();
        assertThat(warnings).allMatch(problem -> problem.severity() == Severity.WARNING);
        assertThat(ConfigLoader.strict(loaded) instanceof Good).isEqualTo(warnings.isEmpty());
        Golden.check(Golden.beside(file), text(warnings, ODD));
    }

    private static Loaded load(Path file) {
        return ConfigLoader.load(file, name -> name.equals("SECRET") ? "hunter2" : null);
    }

    private static String text(List<Problem> problems, String directory) {
        String absolute = Path.of(directory).toAbsolutePath().toString();
        List<Problem> lasting = problems.stream()
                .filter(problem ->
                        !problem.message().contains("everybody on this machine can read")) // git does not keep that
                .toList();
        return Problems.text(lasting).replace(absolute, "").replace(directory + "/", "");
    }
}
