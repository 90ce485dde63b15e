package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.FragmentsConfig;
import io.larder.config.FragmentsConfig.Csrf;
import io.larder.config.FragmentsConfig.Language;
import io.larder.config.FragmentsConfig.Limits;
import io.larder.config.FragmentsConfig.On;
import io.larder.config.FragmentsConfig.Visitor;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.source.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FragmentKeysTest {
    @TempDir
    Path directory;

    private Loaded load(String route) {
        return Configs.load(Configs.write(directory.resolve("larder.yaml"), """
                listeners: { web: { bind: "0.0.0.0:8080" } }
                upstreams: { app: { servers: ["127.0.0.1:8000"] } }
                sites: { default: { upstream: app, routes: [{ path: /**%s }] } }
                """.formatted(route)));
    }

    private FragmentsConfig fragments(String value) {
        LarderConfig config = Configs.good(load(value.isEmpty() ? "" : ", fragments: " + value));
        return Objects.requireNonNull(config.sites().get("default"))
                .routes()
                .get(0)
                .fragments();
    }

    @Test
    void aLanguageStandsForAllDefaults() {
        On esi = new On(
                Language.ESI,
                false,
                Duration.ofSeconds(2),
                null,
                new Limits(List.of(), 5, 256),
                new Visitor(false, Csrf.OFF));
        assertThat(fragments("esi")).isEqualTo(esi);
        assertThat(fragments("{}")).isEqualTo(esi);
        assertThat(fragments("ssi"))
                .isEqualTo(new On(Language.SSI, false, esi.deadline(), null, esi.limits(), esi.visitor()));
    }

    @ParameterizedTest
    @CsvSource({"off", "false", "''"})
    void offIsWhereNothingIsWritten(String value) {
        assertThat(fragments(value)).isEqualTo(new FragmentsConfig.Off());
    }

    @Test
    void everyKeyIsRead() {
        String all = "{ parse: off, deadline: 300ms, fallback: \"-\", allow-hosts: [b.example, \"*.c.example\"],"
                + " max-depth: 2, max-includes: 9, cookie-variables: on, csrf: django }";
        assertThat(fragments(all))
                .isEqualTo(new On(
                        null,
                        false,
                        Duration.ofMillis(300),
                        Text.of("-"),
                        new Limits(List.of("b.example", "*.c.example"), 2, 9),
                        new Visitor(true, Csrf.DJANGO)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fragments: esl | 'esl' is not one of esi, ssi, off",
                "fragments: { parse: off, force: on } | 'force' has no effect with 'parse: off'",
                "cache: off, fragments: { csrf: django } | 'csrf' has no effect with 'cache: off'",
                "cache: { private: { by: \"cookie:a\", ttl: 1s } }, fragments: { csrf: django } | 'private' has no effect with 'csrf': whoever has a cookie passes by the cache",
                "fragments: { max-depth: 0 } | '0' is not a whole number from 1 to 20",
                "fragments: { deadline: 0s } | '0s' leaves no time at all",
                "respond: { status: 200 }, fragments: esi | 'fragments' has no effect beside 'respond'"
            })
    void mistakesAreNamed(String keys, String error) {
        assertThat(Configs.errors(load(", " + keys))).singleElement().asString().endsWith(error);
    }
}
