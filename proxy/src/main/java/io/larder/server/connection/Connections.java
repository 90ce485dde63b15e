package io.larder.server.connection;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The open connections that share a {@link LoopContext}. Confined to its loop. */
public final class Connections {
    private final Set<ClientConnection> open = new HashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean draining;

    public void add(ClientConnection connection) {
        open.add(connection);
    }

    public void remove(ClientConnection connection) {
        open.remove(connection);
        completeIfDrained();
    }

    public boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether each response is to be its connection's last. */
    public boolean isDraining() {
        return draining;
    }

    /** Closes the idle connections and lets each busy one finish; completes when all are gone. */
    public CompletableFuture<Void> drain() {
        draining = true;
        List.copyOf(open).forEach(ClientConnection::drain);
        completeIfDrained();
        return drained;
    }

    /** Ends what is still open at once; says how many connections that were. */
    public int cut() {
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
