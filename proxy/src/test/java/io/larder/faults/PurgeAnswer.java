package io.larder.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code POST /v1/purge} said.
 *
 * @param acked the nodes where it is in force, by the names that the configuration gives them
 * @param missing the nodes that may not know of it, likewise
 * @param reason why it is not complete; empty where it is
 * @param at when the answer was there, by {@link System#nanoTime}
 */
record PurgeAnswer(int status, Set<String> acked, Set<String> missing, String reason, double tookMillis, long at) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static PurgeAnswer of(RawClient.Answer answer) throws IOException {
        long at = System.nanoTime();
        JsonNode body = JSON.readTree(answer.body());
        JsonNode nodes = body.path("nodes");
        List<String> acked = new ArrayList<>();
        nodes.path("acked").fieldNames().forEachRemaining(acked::add);
        List<String> missing = new ArrayList<>();
        nodes.path("missing").forEach(node -> missing.add(node.asText()));
        return new PurgeAnswer(
                answer.status(),
                names(acked),
                names(missing),
                body.path("reason").asText(""),
                body.path("took-ms").asDouble(),
                at);
    }

    /** A node's name has something behind a slash that no other process has. */
    private static Set<String> names(List<String> nodes) {
        Set<String> names = new TreeSet<>();
        nodes.forEach(node -> names.add(node.replaceFirst("/.*", "")));
        return names;
    }

    /** Whether it promises that no node serves what was purged. */
    boolean isComplete() {
        return status == 200 && missing.isEmpty();
    }
}
