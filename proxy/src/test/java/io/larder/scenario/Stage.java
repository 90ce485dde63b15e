package io.larder.scenario;

import io.larder.app.Larder;
import io.larder.app.Platform;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.Problems;
import io.larder.netty.Transport;
import io.larder.testing.RawClient;
import io.larder.testing.SteppedClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in which scenarios play that agree in its settings, each under a host of its own. */
final class Stage implements AutoCloseable {
    // not on a full second, where rounding would hide
    private static final Instant OPENING = Instant.parse("2026-03-01T12:00:00.250Z");

    private static final Pattern REASON =
            Pattern.compile("^larder_cache_decisions_total\\{.*reason=\"([^\"]+)\"", Pattern.MULTILINE);

    private final Set<String> told = new TreeSet<>();
    private final SteppedClock clock = new SteppedClock(OPENING);
    private final Map<Scenario, Cast> casts;
    private final Map<Scenario, String> hosts = new LinkedHashMap<>();
    private final Larder larder;

    /** Opens the curtain. */
    Stage(List<Scenario> scenarios, Path directory) throws IOException {
        this.casts = new LinkedHashMap<>();
        Map<String, Object> sites = new LinkedHashMap<>();
        Map<String, Object> upstreams = new LinkedHashMap<>();
        for (Scenario scenario : scenarios) {
            String name = "s" + (casts.size() + 1);
            Cast cast = new Cast(scenario);
            casts.put(scenario, cast);
            hosts.put(scenario, name + ".test");
            sites.put(name, site(scenario, name));
            upstreams.putAll(scenario.setting().upstreamsAt(name, cast.ports()));
        }
        Map<String, Object> config =
                new LinkedHashMap<>(defaults(scenarios.get(0).setting().gateway()));
        config.put("upstreams", upstreams);
        config.put("sites", sites);
        this.larder = Larder.start(
                load(config, directory), new Platform("test", Transport.pick(null), 2, clock, new Random(1)));
    }

    /** @throws BadScenario where the configuration that {@code scenario} asks for is none */
    static void check(Scenario scenario, Path directory) throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        scenario.setting().servers().forEach(server -> ports.put(server, 9000 + ports.size()));
        Map<String, Object> config = defaults(scenario.setting().gateway());
        config.put("upstreams", scenario.setting().upstreamsAt("s1", ports));
        config.put("sites", Map.of("s1", site(scenario, "s1")));
        try {
            load(config, directory);
        } catch (BadScenario problems) {
            throw new BadScenario(scenario.place() + ": its configuration cannot be used\n" + problems.getMessage());
        }
    }

    private static Map<String, Object> defaults(Map<String, Object> gateway) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("listeners", Map.of("web", Map.of("bind", "127.0.0.1:0")));
        config.put("admin", Map.of("bind", "127.0.0.1:0"));
        config.put("log", Map.of("access", Map.of("format", "off")));
        config.put("shutdown", Map.of("drain", "1s"));
        config.putAll(gateway);
        return config;
    }

    private static Map<String, Object> site(Scenario scenario, String name) {
        Map<String, Object> site = new LinkedHashMap<>();
        site.put("hosts", List.of(name + ".test", "*." + name + ".test"));
        site.put("upstream", name);
        site.putAll(scenario.setting().site());
        site.replaceAll((key, value) -> filled(value, name));
        return site;
    }

    private static Object filled(Object node, String site) {
        return switch (node) {
            case String text -> text.replace("{host}", site + ".test").replace("{site}", site);
            case List<?> list -> list.stream().map(item -> filled(item, site)).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> all = new LinkedHashMap<>();
                map.forEach((key, value) -> all.put(filled(key, site), filled(value, site)));
                yield all;
            }
            default -> node;
        };
    }

    private static LarderConfig load(Map<String, Object> config, Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        config.forEach((key, value) ->
                text.append(key).append(": ").append(FlowYaml.of(value)).append('\n'));
        Path file = Files.writeString(Files.createTempFile(directory, "scenarios", ".yaml"), text);
        return switch (ConfigLoader.load(file, name -> null)) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new BadScenario(Problems.text(bad.problems()));
        };
    }

    SteppedClock clock() {
        return clock;
    }

    Cast cast(Scenario scenario) {
        return Objects.requireNonNull(casts.get(scenario));
    }

    String host(Scenario scenario) {
        return Objects.requireNonNull(hosts.get(scenario));
    }

    /** The reasons that the gateway has given so far: counted in its metrics, and told its clients. */
    Set<String> reasons() throws IOException {
        try (RawClient operator = new RawClient(admin())) {
            operator.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Matcher reason = REASON.matcher(operator.answer().body());
            Set<String> all = new TreeSet<>(told);
            while (reason.find()) {
                all.add(reason.group(1));
            }
            return all;
        }
    }

    /** Notes a {@code Cache-Status}: its parameters are codes, or have codes for values. */
    void told(String cacheStatus) {
        for (String parameter : cacheStatus.split("; ?", -1)) {
            told.add(parameter.substring(parameter.indexOf('=') + 1));
        }
    }

    InetSocketAddress address() {
        return larder.addresses().values().iterator().next();
    }

    InetSocketAddress admin() {
        return larder.adminAddress();
    }

    @Override
    public void close() throws IOException {
        larder.stop();
        try {
            larder.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody waits for the gateway to stop", e);
        }
        for (Cast cast : casts.values()) {
            cast.close();
        }
    }
}
