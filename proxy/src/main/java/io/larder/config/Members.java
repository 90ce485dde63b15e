package io.larder.config;

import io.larder.config.source.Origin;
import java.util.List;

/** A value: which servers an upstream has. */
public sealed interface Members {
    /** Those that are written. */
    record Listed(List<Server> servers) implements Members {
        public Listed {
            servers = List.copyOf(servers);
            Checks.require(!servers.isEmpty(), "an upstream has at least one server");
        }
    }

    /** Those that are found while the gateway runs. */
    record Discovered(Discovery by) implements Members {}

    /**
     * One server.
     *
     * @param weight its share of the requests, from 1
     * @param backup used only while no other server is usable
     */
    record Server(ServerAddress address, int weight, boolean backup, Origin origin) {
        public Server {
            Checks.require(weight >= 1, "a weight is at least 1");
        }
    }
}
