package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigDifferenceTest {
    private static final String BASE = """
            listeners: { web: { bind: ":8080" } }
            upstreams: { app: { servers: ["127.0.0.1:8000", { address: "127.0.0.1:8001", weight: 2 }] } }
            cache: { redis: { uri: "redis://:s3cret@127.0.0.1/0" } }
            sites:
              shop:
                hosts: [a.example, b.example]
                upstream: app
                headers: { request: { set: { Authorization: geheim, X-Site: shop, X-Env: "${ENV}" } } }
                routes:
                  - { path: /static/**, cache: { ttl: 1d } }
                  - { path: /account/**, cache: off }
                  - { path: "/products/{id}", name: product, cache: { ttl: 5m, tags: ["product-{id}"] } }
                  - { path: /** }
            """;

    @TempDir
    Path directory;

    private LarderConfig load(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("larder.yaml"), text);
        return switch (ConfigLoader.load(file, Map.of("ENV", "geheimer")::get)) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new AssertionError(Problems.text(bad.problems()));
        };
    }

    private List<String> lines(String before, String after) throws IOException {
        return ConfigDifference.between(load(before), load(after)).stream()
                .map(Change::text)
                .toList();
    }

    static List<Arguments> edits() {
        return List.of(
                Arguments.of("nothing but a comment", "listeners:", "# hello\nlisteners:", List.of()),
                Arguments.of(
                        "a value",
                        "ttl: 5m",
                        "ttl: 10m",
                        List.of("~ sites.shop.routes[2].cache.ttl (/products/{id}): 5m -> 10m")),
                Arguments.of(
                        "a value that was the default",
                        "hosts:",
                        "cache-status: debug\n    hosts:",
                        List.of("~ sites.shop.cache-status: on -> debug")),
                Arguments.of(
                        "a key without a default that comes",
                        "ttl: 5m",
                        "ttl: 5m, default-ttl: 1m",
                        List.of("+ sites.shop.routes[2].cache.default-ttl (/products/{id}): 1m")),
                Arguments.of(
                        "a route that is put in",
                        "      - { path: /account",
                        "      - { path: /new, cache: { ttl: 7s } }\n      - { path: /account",
                        List.of("+ sites.shop.routes[1] (/new): {path: /new, name: new, cache: {ttl: 7s}}")),
                Arguments.of(
                        "a route that goes",
                        "      - { path: /account/**, cache: off }\n",
                        "",
                        List.of(
                                "- sites.shop.routes[1] (/account/**): {path: /account/**, name: account, cache: off}")),
                Arguments.of(
                        "a cache that is switched off",
                        "cache: { ttl: 1d }",
                        "cache: off",
                        List.of("~ sites.shop.routes[0].cache (/static/**): {ttl: 1d} -> off")),
                Arguments.of(
                        "a server that comes",
                        "[\"127.0.0.1:8000\", ",
                        "[\"127.0.0.1:8000\", \"127.0.0.1:8002\", ",
                        List.of("+ upstreams.app.servers[1]: {address: 127.0.0.1:8002}")),
                Arguments.of(
                        "a server's weight",
                        "weight: 2",
                        "weight: 3",
                        List.of("~ upstreams.app.servers[1].weight: 2 -> 3")),
                Arguments.of(
                        "a host that goes",
                        "[a.example, b.example]",
                        "[b.example]",
                        List.of("- sites.shop.hosts: a.example")),
                Arguments.of(
                        "an order that means little",
                        "[a.example, b.example]",
                        "[b.example, a.example]",
                        List.of("~ sites.shop.hosts: [a.example, b.example] -> [b.example, a.example]")),
                Arguments.of(
                        "an upstream that comes",
                        "upstreams: { app:",
                        "upstreams: { next: { servers: [\"127.0.0.1:9\"], balance: round-robin }, app:",
                        List.of("+ upstreams.next: {servers: [{address: 127.0.0.1:9}], balance: round-robin}")),
                Arguments.of(
                        "a listener that comes",
                        "web: { bind: \":8080\" }",
                        "web: { bind: \":8080\" }, more: { bind: \":8081\", limits: { body: 1KiB } }",
                        List.of("+ listeners.more: {bind: :8081, limits: {body: 1KiB}}")),
                Arguments.of(
                        "a secret in a field",
                        "geheim,",
                        "geheimnis,",
                        List.of("~ sites.shop.headers.request.set.Authorization: ******** -> ********")),
                Arguments.of(
                        "a field from the environment",
                        "${ENV}",
                        "${ENV}2",
                        List.of("~ sites.shop.headers.request.set.X-Env: ${ENV} -> ${ENV}2")),
                Arguments.of(
                        "a password in a URI", "s3cret", "s3cr3t", List.of("~ cache.redis.uri: ******** -> ********")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void saysWhatAnEditDid(String name, String from, String to, List<String> lines) throws IOException {
        assertThat(BASE).contains(from);
        assertThat(lines(BASE, BASE.replace(from, to))).isEqualTo(lines);
    }

    @Test
    void aRouteThatMovesIsOneLineAndSaysWhatElseChanged() throws IOException {
        String first = "      - { path: /static/**, cache: { ttl: 1d } }\n";
        String moved = BASE.replace(first, "")
                .replace(
                        "      - { path: /** }\n",
                        "      - { path: /static/**, cache: { ttl: 2d } }\n      - { path: /** }\n");
        assertThat(lines(BASE, moved))
                .containsExactly(
                        "~ sites.shop.routes[2] (/static/**): moved, was [0]",
                        "~ sites.shop.routes[2].cache.ttl (/static/**): 1d -> 2d");
    }

    @Test
    void routesThatAreCalledTheSameAreTakenInTheirOrder() throws IOException {
        String route = "      - { path: /x, match: { method: [GET] } }\n";
        String last = "      - { path: /** }\n";
        String twins = BASE.replace(last, route + route.replace("GET", "PUT") + last);
        assertThat(lines(twins, twins.replace("PUT", "POST")))
                .containsExactly(
                        "+ sites.shop.routes[4].match.method (/x): POST",
                        "- sites.shop.routes[4].match.method (/x): PUT");
    }

    @Test
    void whatIsVeryLongIsCut() throws IOException {
        String hosts =
                IntStream.range(0, 50).mapToObj(i -> "h" + i + ".example").collect(Collectors.joining(", "));
        String line = lines(BASE, BASE + "  new: { upstream: app, hosts: [" + hosts + "] }\n")
                .get(0);
        assertThat(line)
                .startsWith("+ sites.new: {hosts: [h0.example")
                .endsWith(" ...")
                .hasSizeLessThan(270);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void asFewAsPossibleHaveMoved(String before, String after, String kept) {
        assertThat(Order.kept(places(before), places(after)))
                .containsExactlyInAnyOrder(kept.isEmpty() ? new String[0] : kept.split(""));
    }

    static List<Arguments> orders() {
        return List.of(
                Arguments.of("abcd", "abcd", "abcd"),
                Arguments.of("abcd", "bcda", "bcd"),
                Arguments.of("abcd", "dabc", "abc"),
                Arguments.of("abcdef", "abxedcf", "abcf"),
                Arguments.of("abc", "xyz", ""),
                Arguments.of("abc", "", ""));
    }

    private static Map<String, Integer> places(String letters) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < letters.length(); i++) {
            places.put(letters.substring(i, i + 1), i);
        }
        return places;
    }
}
