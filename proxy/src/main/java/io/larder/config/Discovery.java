package io.larder.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A value: where an upstream's servers are found. */
public sealed interface Discovery {
    /**
     * In the Domain Name System.
     *
     * @param name lower case
     * @param port of all servers, whose addresses are those of the name; null: SRV records say host and port of each
     * @param refresh the longest time between two lookups
     */
    record Dns(String name, @Nullable Integer port, Duration refresh) implements Discovery {
        public Dns {
            Checks.require(port == null || (port > 0 && port <= 65535), "a port is from 1 to 65535");
        }
    }

    /**
     * Among the EndpointSlices of a Kubernetes service.
     *
     * @param port its name or its number
     */
    record Kubernetes(String namespace, String service, String port) implements Discovery {}

    /**
     * In a file.
     *
     * @param file absolute; a server on each line
     */
    record FromFile(Path file) implements Discovery {}
}
