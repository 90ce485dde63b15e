package io.larder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What became of a purge: the answer of one gateway as it came, or those of several made into one of the same form. Where
 * gateways share no Redis each is a fleet of its own, and one that cannot be asked is a node that has not confirmed.
 *
 * @param text the JSON, in one line
 */
record PurgeAnswer(String text, JsonNode json, boolean isComplete) {
    private static final int ACCEPTED = 202;

    /** What a gateway that is alone calls itself. */
    private static final String LOCAL = "local";

    /** What became of the order at one gateway. */
    private sealed interface Outcome {
        record Answered(String gateway, AdminClient.Answer answer) implements Outcome {}

        record Missed(String gateway, Failed why) implements Outcome {}
    }

    /**
     * Gives {@code order} to all {@code gateways} at once.
     *
     * @param wait how long they were asked to wait for their nodes
     * @throws Failed where not one has taken it
     */
    static PurgeAnswer of(List<AdminClient> gateways, JsonNode order, Duration wait) throws InterruptedException {
        if (gateways.size() == 1) {
            AdminClient.Answer answer = gateways.get(0).post("/v1/purge", order, wait);
            return new PurgeAnswer(answer.text().strip(), answer.json(), isComplete(answer));
        }
        return merged(asked(gateways, order, wait));
    }

    private static boolean isComplete(AdminClient.Answer answer) {
        return answer.status() != ACCEPTED
                && answer.json().path("nodes").path("missing").isEmpty();
    }

    private static List<Outcome> asked(List<AdminClient> gateways, JsonNode order, Duration wait)
            throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> asked = new ArrayList<>();
            for (AdminClient gateway : gateways) {
                asked.add(threads.submit(() -> asked(gateway, order, wait)));
            }
            for (Future<Outcome> outcome : asked) {
                outcomes.add(outcome.get());
            }
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
        return outcomes;
    }

    private static Outcome asked(AdminClient gateway, JsonNode order, Duration wait) throws InterruptedException {
        try {
            return new Outcome.Answered(gateway.name(), gateway.post("/v1/purge", order, wait));
        } catch (Failed failed) {
            return new Outcome.Missed(gateway.name(), failed);
        }
    }

    private static PurgeAnswer merged(List<Outcome> outcomes) {
        StringJoiner failures = new StringJoiner("\n  ", "no gateway has taken the purge\n  ", "");
        Merger merger = new Merger();
        boolean taken = false;
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Answered(String gateway, AdminClient.Answer answer) -> {
                    merger.add(gateway, answer);
                    taken = true;
                }
                case Outcome.Missed(String gateway, Failed why) -> {
                    merger.miss(gateway, why.message());
                    failures.add(why.message());
                }
            }
        }
        if (!taken) {
            throw new Failed(Exit.FAILED, failures.toString());
        }
        ObjectNode json = merger.json();
        return new PurgeAnswer(json.toString(), json, merger.isComplete());
    }

    /** Several answers on their way to be one. Confined to one thread. */
    private static final class Merger {
        private final Map<String, Double> acked = new TreeMap<>();
        private final Set<String> missing = new TreeSet<>();
        private final StringJoiner reasons = new StringJoiner("; ");
        private final ArrayNode gateways = JsonNodeFactory.instance.arrayNode();
        private long matched;
        private double took;
        private boolean complete = true;
        private boolean counting;

        void add(String gateway, AdminClient.Answer answer) {
            JsonNode json = answer.json();
            complete &= PurgeAnswer.isComplete(answer);
            matched += json.path("matched").asLong();
            counting |= json.path("counting").asBoolean();
            took = Math.max(took, json.path("took-ms").asDouble());
            json.path("nodes")
                    .path("acked")
                    .properties()
                    .forEach(node -> acked.merge(
                            named(node.getKey(), gateway), node.getValue().asDouble(), Math::max));
            json.path("nodes").path("missing").forEach(node -> missing.add(named(node.asText(), gateway)));
            if (json.has("reason")) {
                reasons.add(gateway + ": " + json.path("reason").asText());
            }
            gateways.addObject().put("admin", gateway).set("answer", json);
        }

        private static String named(String node, String gateway) {
            return node.equals(LOCAL) ? gateway : node;
        }

        void miss(String gateway, String why) {
            complete = false;
            missing.add(gateway);
            reasons.add(why);
            gateways.addObject().put("admin", gateway).put("error", why);
        }

        boolean isComplete() {
            return complete;
        }

        ObjectNode json() {
            acked.keySet().removeAll(missing); // known to be in force by one of two answers is not known
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("matched", matched);
            if (counting) {
                json.put("counting", true);
            }
            ObjectNode nodes = json.putObject("nodes");
            ObjectNode confirmed = nodes.putObject("acked");
            acked.forEach(confirmed::put);
            ArrayNode names = nodes.putArray("missing");
            missing.forEach(names::add);
            json.put("took-ms", took);
            if (reasons.length() > 0) {
                json.put("reason", reasons.toString());
            }
            json.set("gateways", gateways);
            return json;
        }
    }
}
