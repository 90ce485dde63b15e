package io.larder.server;

import io.larder.server.connection.LoopContext;
import java.util.ArrayList;
import java.util.List;

/**
 * How one loop receives the connections of a listener: what new ones work with, and what those work with that came before
 * that was changed. Confined to its loop.
 */
final class Reception {
    private final List<LoopContext> former = new ArrayList<>(); // as long as they have connections
    private LoopContext present;

    Reception(LoopContext present) {
        this.present = present;
    }

    /** For connections that are accepted now. */
    LoopContext present() {
        return present;
    }

    /** New connections work with {@code next} from now on; those that are open go on as they began. */
    void change(LoopContext next) {
        former.add(present);
        former.removeIf(context -> context.connections().isEmpty());
        present = next;
    }

    /** Of all connections that there are. */
    List<LoopContext> all() {
        List<LoopContext> all = new ArrayList<>(former);
        all.add(present);
        return all;
    }

    /** Of connections that came while the listener had another name. */
    List<LoopContext> namedOtherwise() {
        String name = present.settings().name();
        return former.stream()
                .filter(context -> !context.settings().name().equals(name))
                .toList();
    }
}
