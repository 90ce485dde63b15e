package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tree finds what one finds who tries the routes one after the other. */
class RouteTreeTest {
    private static final String[] TEXTS = {"a", "A", "b", "aa", "\u00e9", "\u00c9", "", "c.d"};
    private static final int SITES = 3_000;
    private static final int PATHS = 30;

    private final Random random = new Random(20261129);

    @Test
    void itFindsTheFirstRouteThatTakesTheRequest() {
        for (int s = 0; s < SITES; s++) {
            List<Route> routes = routes();
            RouteTree tree = new RouteTree(routes);
            for (int p = 0; p < PATHS; p++) {
                String path = path(false);
                String method = random.nextBoolean() ? "GET" : "POST";
                Request request =
                        Request.get(Target.of("http", "h", "/"), Headers.EMPTY).withMethod(method);
                for (boolean ignoringCase : new boolean[] {false, true}) {
                    Route expected = oneAfterTheOther(routes, path, ignoringCase, request);
                    assertThat(tree.first(path, ignoringCase, request))
                            .as("%s %s in %s, ignoring case: %s", method, path, routes, ignoringCase)
                            .isSameAs(expected);
                }
            }
        }
    }

    private static @Nullable Route oneAfterTheOther(
            List<Route> routes, String path, boolean ignoringCase, Request request) {
        return routes.stream()
                .filter(route -> route.path().matchesNormal(path, ignoringCase)
                        && route.conditions().accept(request))
                .findFirst()
                .orElse(null);
    }

    @Test
    void thousandsOfRoutesAreToldApart() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            routes.add(route("/section-" + i + "/{id}/**", Set.of()));
        }
        RouteTree tree = new RouteTree(routes);
        Request request = Request.get(Target.of("http", "h", "/"), Headers.EMPTY);
        for (int i = 0; i < routes.size(); i += 7) {
            assertThat(tree.first("/section-" + i + "/x/y", false, request)).isSameAs(routes.get(i));
        }
        assertThat(tree.first("/section-5000/x", false, request)).isNull();
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            routes.add(route(path(true), random.nextInt(4) == 0 ? Set.of("POST") : Set.of()));
        }
        return routes;
    }

    private static Route route(String path, Set<String> methods) {
        Conditions conditions = new Conditions(methods, Map.of(), Map.of(), Map.of());
        return new Route(path, "t.yaml:1", PathPattern.compile(path), conditions, new Action.Proxy("app", null), null);
    }

    private String path(boolean pattern) {
        if (!pattern && random.nextInt(50) == 0) {
            return "*"; // the asterisk form (RFC 9112 section 3.2.4)
        }
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int kind = pattern ? random.nextInt(4) : 1;
            path.append('/').append(kind == 0 ? "{x" + i + "}" : TEXTS[random.nextInt(TEXTS.length)]);
        }
        return path.append(pattern && random.nextInt(3) == 0 ? "/**" : "").toString();
    }
}
