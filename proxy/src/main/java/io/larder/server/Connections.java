package io.larder.server;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The open connections that share a {@link LoopContext}. Confined to its loop. */
final class Connections {
    private final Set<ClientConnection> open = new HashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean draining;

    void add(ClientConnection connection) {
        open.add(connection);
    }

    void remove(ClientConnection connection) {
        open.remove(connection);
        completeIfDrained();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether each response is to be its connection's last. */
    boolean isDraining() {
        return draining;
    }

    /** Closes the idle connections and lets each busy one finish; completes when all are gone. */
    CompletableFuture<Void> drain() {
        draining = true;
        List.copyOf(open).forEach(ClientConnection::drain);
        completeIfDrained();
        return drained;
    }

    /** Ends what is still open at once; says how many connections that were. */
    int cut() {
        List<ClientConnection> rest = List.copyOf(open);
        rest.forEach(ClientConnection::reset);
        return rest.size();
    }

    private void completeIfDrained() {
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }
}
