package io.larder.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration that a scenario asks for, in the vocabulary of configuration files.
 *
 * @param gateway top-level keys; scenarios that agree in them share a gateway
 * @param site keys of the scenario's own site
 * @param upstream keys of the scenario's own upstream
 * @param servers names of its origin's servers
 */
record Setting(
        Map<String, Object> gateway, Map<String, Object> site, Map<String, Object> upstream, List<String> servers) {

    static Setting read(Entry scenario) {
        Map<String, Object> site = map(scenario, "site");
        if (scenario.has("cache")) {
            site.put("routes", List.of(Map.of("path", "/**", "cache", scenario.node("cache"))));
        }
        if (scenario.has("routes")) {
            site.put("routes", scenario.items("routes"));
        }
        Map<String, Object> upstream = map(scenario, "upstream");
        Object servers = upstream.getOrDefault("servers", List.of("app"));
        List<String> names = ((List<?>) servers)
                .stream().map(server -> String.valueOf(name(server))).toList();
        return new Setting(map(scenario, "gateway"), site, upstream, names);
    }

    private static Object name(Object server) {
        return server instanceof Map<?, ?> map ? String.valueOf(map.get("address")) : server;
    }

    private static Map<String, Object> map(Entry scenario, String key) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (scenario.has(key)) {
            if (!(scenario.node(key) instanceof Map<?, ?> map)) {
                throw new BadScenario(scenario.place() + ": '" + key + "' must have keys and values");
            }
            map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        }
        return copy;
    }

    /** {@link #upstream} with the servers' addresses in place of their names. */
    Map<String, Object> upstreamAt(Map<String, Integer> ports) {
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
