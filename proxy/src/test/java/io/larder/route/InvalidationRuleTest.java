package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidationRuleTest {
    private static List<Template> templates(String... texts) {
        return List.of(texts).stream().map(Template::compile).toList();
    }

    private static Request request(String method, String path) {
        return Request.get(Target.of("http", "a", path), Headers.EMPTY).withMethod(method);
    }

    private static InvalidationRule rule(Set<String> methods) {
        return new InvalidationRule(
                methods,
                PathPattern.compile("/api/{id}/**"),
                templates("p-{id}", "all"),
                templates("/p/{id}?full=1"),
                templates("/l/{**}"),
                Purge.Mode.HARD);
    }

    @ParameterizedTest(name = "{0}: {1} {2} -> {3}")
    @CsvSource({
        "'', POST, /api/7/x, true",
        "'', DELETE, /api/7, true",
        "'', BREW, /api/7, true",
        "'', GET, /api/7, false",
        "'', OPTIONS, /api/7, false",
        "PUT, PUT, /api/7, true",
        "PUT, POST, /api/7, false",
        "PUT, PUT, /api, false",
        "PUT, PUT, /other/7, false",
        "PUT, PUT, /x/../api/7, true",
    })
    void speaksOf(String methods, String method, String path, boolean speaks) {
        InvalidationRule rule = rule(methods.isEmpty() ? Set.of() : Set.of(methods));
        assertThat(rule.effect(request(method, path)).isPresent()).isEqualTo(speaks);
    }

    @Test
    void fillsInWhatThePathCaptured() {
        assertThat(rule(Set.of()).effect(request("POST", "/api/7/x/y?q")))
                .contains(
                        new InvalidationRule.Effect(List.of("p-7", "all"), List.of("/p/7?full=1"), List.of("/l/x/y")));
    }

    @Test
    void tagsAreDecodedAndUrlsComeInBothSpellings() {
        Optional<InvalidationRule.Effect> effect = rule(Set.of()).effect(request("POST", "/api/%37%20a"));
        assertThat(effect.orElseThrow().tags()).containsExactly("p-7 a", "all");
        assertThat(effect.orElseThrow().urls()).containsExactly("/p/%37%20a?full=1", "/p/7%20a?full=1");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "/p/7, t-7",
        "/p/%37, t-7",
        "/p/7;v=1, t-7",
        "//p/./7, t-7",
        "/p/caf%C3%A9, 't-caf\u00c3\u00a9'",
    })
    void aRouteTagsEverySpellingAlike(String path, String tag) {
        CachePlan plan = new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE, templates("t-{id}"));
        Route route = new Route(
                "p", "x:1", PathPattern.compile("/p/{id}"), Conditions.NONE, new Action.Proxy("app", null), plan);
        Site site = new Site("shop", List.of(), null, Set.of(), List.of(route));
        List<String> names = plan.of(site, route).rules().tagging().names().of(Target.of("http", "a", path));
        assertThat(names).containsExactly(tag);
    }
}
