package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.Tidy.Rule;
import io.larder.Tidy.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keeps the sources tidy: what is put off, switched off, swallowed or printed does not go in. */
class TidyTest {

    private static final int MAX_LINES = 400;

    private static final List<Rule> EVERYWHERE = List.of(
            new Rule("puts work off", false, Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b")),
            new Rule("has a tab", false, Pattern.compile("\t")),
            new Rule("imports with a wildcard", true, Pattern.compile("(?m)^import [^;]*\\*;")),
            new Rule("swallows an exception", false, Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}")),
            new Rule("prints a stack trace", true, Pattern.compile("\\.printStackTrace\\(\\)")));

    private static final List<Rule> MAIN = List.of(
            new Rule(
                    "prints",
                    true,
                    Pattern.compile("\\bSystem\\.(?:out|err)\\b"),
                    source -> source.room().equals("cli")),
            // a synchronized block leaves no trace that LayersTest could read
            new Rule(
                    "locks and is not @Shared",
                    true,
                    Pattern.compile("\\bsynchronized\\b"),
                    source -> source.code().contains("@Shared")));

    private static final List<Rule> TEST = List.of(
            new Rule("sleeps", true, Pattern.compile("\\bThread\\.sleep\\b|\\bTimeUnit\\.\\w+\\.sleep\\b")),
            new Rule(
                    "skips a test",
                    true,
                    Pattern.compile("@Disabled|\\bassum(?:e|ing)(?:True|False|That)\\b|\\bAssumptions\\b")));

    private static final List<Source> MAIN_SOURCES = Tidy.sources(Path.of("src/main/java"));
    private static final List<Source> TEST_SOURCES = Tidy.sources(Path.of("src/test/java"));

    @Test
    void theSourcesWereFound() {
        assertThat(MAIN_SOURCES).extracting(Source::path).contains("io/larder/http/Headers.java");
        assertThat(TEST_SOURCES).extracting(Source::path).contains("io/larder/TidyTest.java");
    }

    @Test
    void mainSourcesAreTidy() {
        assertThat(Tidy.violations(MAIN_SOURCES, EVERYWHERE)).isEmpty();
        assertThat(Tidy.violations(MAIN_SOURCES, MAIN)).isEmpty();
    }

    @Test
    void testSourcesAreTidy() {
        // this file names what it forbids
        List<Source> others = TEST_SOURCES.stream()
                .filter(source -> !source.path().endsWith("/TidyTest.java"))
                .toList();
        assertThat(Tidy.violations(others, EVERYWHERE)).isEmpty();
        assertThat(Tidy.violations(others, TEST)).isEmpty();
    }

    @Test
    void filesStayShort() {
        assertThat(Tidy.longerThan(MAX_LINES, MAIN_SOURCES)).isEmpty();
    }

    @Test
    void packagesAreDescribed() {
        assertThat(Tidy.withoutDescription(MAIN_SOURCES)).isEmpty();
    }

    @Nested
    class RulesBite {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "// TODO later                           | puts work off",
                    "/** FIXME */                            | puts work off",
                    "`int\ta;`                               | has a tab",
                    "import java.util.*;                     | imports with a wildcard",
                    "import static org.x.Y.*;                | imports with a wildcard",
                    "try { a(); } catch (Bad e) { }          | swallows an exception",
                    "e.printStackTrace();                    | prints a stack trace",
                    "Thread.sleep(5);                        | sleeps",
                    "TimeUnit.SECONDS.sleep(5);              | sleeps",
                    "System.out.println(1);                  | prints",
                    "System.err.println(1);                  | prints",
                    "void f() { synchronized (this) { } }    | locks and is not @Shared",
                    "@Disabled void t() {}                   | skips a test",
                    "assumeTrue(linux);                      | skips a test",
                    "assumeThat(linux).isTrue();             | skips a test",
                    "String a = \"\\\"\"; System.out.flush(); | prints",
                    "char q = '\"'; System.out.flush(); // \" | prints",
                })
        void seesTheFault(String line, String rule) {
            assertThat(judge("io/larder/http/A.java", "package a; /* one\n two */\n" + line + "\n"))
                    .containsExactly("io/larder/http/A.java:3 " + rule);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "io/larder/http/A.java | // System.out is for the command line",
                    "io/larder/http/A.java | String s = \"Thread.sleep(1)\";",
                    "io/larder/http/A.java | `String s = \"\"\" \n\" synchronized \n\"\"\";`",
                    "io/larder/cli/A.java  | System.out.println(1);",
                    "io/larder/http/A.java | @Shared class A { void f() { synchronized (this) { } } }",
                    "io/larder/http/A.java | try { a(); } catch (Bad e) { return none; }",
                    "io/larder/http/A.java | import java.util.List; // XXXL",
                })
        void letsTheInnocentPass(String path, String text) {
            assertThat(judge(path, text)).isEmpty();
        }

        @Test
        void lengthAndDescription() {
            List<Source> sources = List.of(
                    new Source("io/larder/http/A.java", "line\n".repeat(MAX_LINES)),
                    new Source("io/larder/http/B.java", "line\n".repeat(MAX_LINES + 1)),
                    new Source("io/larder/http/package-info.java", "/** Words. */\npackage io.larder.http;"),
                    new Source("io/larder/cli/package-info.java", "package io.larder.cli;"),
                    new Source("io/larder/app/A.java", ""));
            assertThat(Tidy.longerThan(MAX_LINES, sources))
                    .containsExactly("io/larder/http/B.java is longer than 400 lines");
            assertThat(Tidy.withoutDescription(sources)).containsExactly("io/larder/cli", "io/larder/app");
        }

        private List<String> judge(String path, String text) {
            List<Rule> all =
                    Stream.of(EVERYWHERE, MAIN, TEST).flatMap(List::stream).toList();
            return Tidy.violations(List.of(new Source(path, text)), all);
        }
    }
}
