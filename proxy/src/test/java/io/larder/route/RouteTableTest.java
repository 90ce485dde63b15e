package io.larder.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static Route route(String path, Conditions conditions) {
        return new Route(path, "t.yaml:1", PathPattern.compile(path), conditions, new Action.Proxy("app", null), null);
    }

    private static Site site(String name, List<String> hosts, Set<String> listeners) {
        return new Site(name, hosts, null, listeners, List.of(route("/**", Conditions.NONE)));
    }

    private static String site(RouteTable table, String listener, Request request) {
        RouteTable.Match match = table.find(listener, request);
        return match == null ? "-" : match.site().name();
    }

    private static String route(RouteTable table, Request request) {
        RouteTable.Match match = table.find("web", request);
        Route route = match == null ? null : match.route();
        return route == null ? "-" : route.name();
    }

    private static Request get(String host, String path, String... headers) {
        return Request.get(Target.of("http", host, path), Headers.of(headers));
    }

    private final RouteTable sites = new RouteTable(List.of(
            site("shop", List.of("shop.example", "www.shop.example"), Set.of()),
            site("below", List.of("*.shop.example"), Set.of()),
            site("inner", List.of("*.x.shop.example"), Set.of()),
            site("internal", List.of("admin.example"), Set.of("inside"))));

    @ParameterizedTest
    @CsvSource({
        "web, shop.example, shop",
        "web, SHOP.example:8080, shop",
        "web, shop.example., shop",
        "web, www.shop.example, shop",
        "web, a.shop.example, below",
        "web, a.b.shop.example, below",
        "web, a.x.shop.example, inner",
        "web, other.example, -",
        "web, admin.example, -",
        "inside, admin.example, internal",
        "web, xshop.example, -",
    })
    void theMostSpecificNameWins(String listener, String host, String expected) {
        assertThat(site(sites, listener, get(host, "/"))).isEqualTo(expected);
    }

    @Test
    void aSiteWithoutHostsTakesTheRest() {
        RouteTable table = new RouteTable(
                List.of(site("any", List.of(), Set.of()), site("one", List.of("one.example"), Set.of())));
        assertThat(site(table, "web", get("one.example", "/"))).isEqualTo("one");
        assertThat(site(table, "web", get("two.example", "/"))).isEqualTo("any");
        assertThat(site(table, "web", get("", "/"))).isEqualTo("any");
    }

    @Test
    void theFirstRouteThatMatchesWins() {
        Conditions json = new Conditions(
                Set.of("GET", "HEAD"),
                Map.of(FieldName.of("Accept"), Glob.of("*json*")),
                Map.of("v", Glob.of("2")),
                Map.of("beta", Glob.of("*")));
        Site site = new Site(
                "s", List.of(), null, Set.of(), List.of(route("/api/**", json), route("/api/{x}", Conditions.NONE)));
        RouteTable table = new RouteTable(List.of(site));
        Request full = get("h", "/api/1?v=2", "Accept", "application/json", "Cookie", "a=b; beta=");
        assertThat(route(table, full)).isEqualTo("/api/**");
        assertThat(route(table, full.withMethod("POST"))).isEqualTo("/api/{x}");
        assertThat(route(table, get("h", "/api/1?v=3", "Accept", "json", "Cookie", "beta=1")))
                .isEqualTo("/api/{x}");
        assertThat(route(table, get("h", "/other"))).isEqualTo("-");
    }
}
