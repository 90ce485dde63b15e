package io.larder.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The configuration that a scenario asks for, in the vocabulary of configuration files.
 *
 * @param gateway top-level keys; scenarios that agree in them share a gateway
 * @param site keys of the scenario's own site
 * @param upstream keys of the scenario's own upstream
 * @param others keys of more upstreams, by what they are called after the site
 * @param servers names of all their servers
 */
record Setting(
        Map<String, Object> gateway,
        Map<String, Object> site,
        Map<String, Object> upstream,
        Map<String, Map<String, Object>> others,
        List<String> servers) {

    static Setting read(Entry scenario) {
        Map<String, Object> site = map(scenario, "site");
        if (scenario.has("cache")) {
            site.put("routes", List.of(Map.of("path", "/**", "cache", scenario.node("cache"))));
        }
        if (scenario.has("routes")) {
            site.put("routes", scenario.items("routes"));
        }
        Map<String, Object> upstream = map(scenario, "upstream");
        Map<String, Map<String, Object>> others = new LinkedHashMap<>();
        map(scenario, "upstreams").forEach((name, keys) -> others.put(name, copy((Map<?, ?>) keys)));
        List<String> names = Stream.concat(Stream.of(upstream), others.values().stream())
                .flatMap(Setting::names)
                .toList();
        return new Setting(map(scenario, "gateway"), site, upstream, others, names);
    }

    private static Stream<String> names(Map<String, Object> upstream) {
        return ((List<?>) upstream.getOrDefault("servers", List.of("app")))
                .stream().map(server -> String.valueOf(name(server)));
    }

    private static Object name(Object server) {
        return server instanceof Map<?, ?> map ? String.valueOf(map.get("address")) : server;
    }

    private static Map<String, Object> map(Entry scenario, String key) {
        if (!scenario.has(key)) {
            return new LinkedHashMap<>();
        }
        if (!(scenario.node(key) instanceof Map<?, ?> map)) {
            throw new BadScenario(scenario.place() + ": '" + key + "' must have keys and values");
        }
        return copy(map);
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    /** All upstreams of {@code site}, by name, with the servers' addresses in place of their names. */
    Map<String, Object> upstreamsAt(String site, Map<String, Integer> ports) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(site, at(upstream, ports));
        others.forEach((name, keys) -> all.put(site + "-" + name, at(keys, ports)));
        return all;
    }

    private static Map<String, Object> at(Map<String, Object> upstream, Map<String, Integer> ports) {
        Map<String, Object> addressed = new LinkedHashMap<>(upstream);
        List<?> listed = (List<?>) upstream.getOrDefault("servers", List.of("app"));
        addressed.put(
                "servers", listed.stream().map(server -> at(server, ports)).toList());
        return addressed;
    }

    private static Object at(Object server, Map<String, Integer> ports) {
        String address = "127.0.0.1:" + ports.get(String.valueOf(name(server)));
        if (server instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>(map);
            copy.put("address", address);
            return copy;
        }
        return address;
    }
}
