package io.larder.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A relay to the same Redis for each node. */
final class Relays implements AutoCloseable {
    private final List<Relay> all = new ArrayList<>(); // as the nodes are in their list

    /** @param server the port of Redis */
    Relays(int server) throws IOException {
        for (int i = 0; i < Fleet.NODES.size(); i++) {
            all.add(new Relay(server));
        }
    }

    Relay of(String node) {
        return all.get(Fleet.NODES.indexOf(node));
    }

    /** Where {@code node} finds Redis, as a value in YAML. */
    String uri(String node) {
        return "\"redis://127.0.0.1:" + of(node).port() + "\"";
    }

    void heal() {
        all.forEach(Relay::heal);
    }

    void delayAnswers(Duration time) {
        all.forEach(relay -> relay.delayAnswers(time));
    }

    void delayMessages(Duration time) {
        all.forEach(relay -> relay.delayMessages(time));
    }

    @Override
    public void close() {
        all.forEach(Relay::close);
    }
}
