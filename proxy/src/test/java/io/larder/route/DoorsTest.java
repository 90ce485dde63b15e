package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether it is certain whom a path lets in, however an origin reads it. */
class DoorsTest {
    private static final Admission LIMITED = new Admission(
            null, new LimitRule("l", Gcra.of(5, Duration.ofMinutes(1), 5), new LimitRule.By.ClientIp(), false), null);
    private static final Admission GUARDED = new Admission(null, null, new AuthRule.Passwords("p", "shop"));

    private static Route route(String path, Admission admission) {
        return new Route(
                path,
                "f:1",
                PathPattern.compile(path),
                Conditions.NONE,
                new Action.Proxy("app", null),
                null,
                null,
                admission);
    }

    private static boolean isSure(String path, @Nullable Route... routes) {
        Site site = new Site(
                "site",
                List.of(),
                null,
                Set.of(),
                Arrays.stream(routes).map(Objects::requireNonNull).toList(),
                Admission.OPEN);
        Request request = Request.get(Target.of("http", "h.example", path), Headers.EMPTY);
        return Objects.requireNonNull(new RouteTable(List.of(site)).find("web", request))
                .sure();
    }

    /** Many frameworks answer with and without a slash at the end alike. */
    @ParameterizedTest
    @CsvSource({
        "/login, true",
        "/login/, false",
        "/login%2f, false",
        "/other, true",
        "/other/, true",
        "/report/7, true",
        "/report/7/, false",
        "/admin, false", // the rule is written for /admin/
        "/admin/, true",
        "/, true"
    })
    void aSlashAtTheEndOpensNoDoor(String path, boolean sure) {
        assertThat(isSure(
                        path,
                        route("/login", LIMITED),
                        route("/report/{id}", GUARDED),
                        route("/admin/", GUARDED),
                        route("/**", Admission.OPEN)))
                .isEqualTo(sure);
    }

    /** Pages are called so in half of the world. */
    @ParameterizedTest
    @CsvSource({"/wiki/A%EF%BC%88B%EF%BC%89, true", "/wiki/%EF%BC%9F, true", "/x%EF%BC%8F%EF%BC%8E%EF%BC%8E, true"})
    void wideLettersAreLetters(String path, boolean sure) {
        assertThat(isSure(path, route("/login/**", LIMITED), route("/**", Admission.OPEN)))
                .isEqualTo(sure);
        assertThat(isSure(path, route("/login/**", GUARDED), route("/**", Admission.OPEN)))
                .isEqualTo(sure);
    }

    @ParameterizedTest
    @CsvSource({"%EF%BC%8Flogin", "/%EF%BC%8E%EF%BC%8E/login", "/%EF%BD%8Cogin"})
    void wideLettersOpenNoDoor(String path) {
        assertThat(isSure("/x" + path, route("/login/**", GUARDED), route("/**", Admission.OPEN)))
                .as("another page")
                .isEqualTo(!path.contains("%8E"));
        assertThat(isSure(
                        path.startsWith("/") ? path : "/" + path,
                        route("/login/**", GUARDED),
                        route("/**", Admission.OPEN)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/x%00, true", "/%u0041, true"})
    void whereAllComeInNobodyIsTurnedAway(String path, boolean sure) {
        assertThat(isSure(path, route("/app/**", Admission.OPEN))).isEqualTo(sure);
    }
}
