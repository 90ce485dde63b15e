package io.larder.telemetry;

import io.larder.exchange.Client;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the connections that were closed because their client did too much of something: a line each. */
record FloodLog(LogWriter writer) {
    private static final Logger LOG = LoggerFactory.getLogger(FloodLog.class);

    /** Notes that {@code client} did too much of {@code kind} on a connection of {@code protocol}. Returns at once. */
    void note(Client client, String protocol, String kind) {
        writer.write(() -> LOG.warn(
                "an {} connection of {} to listener {} is closed: too many {}",
                protocol,
                client.address(),
                client.listener(),
                kind));
    }
}
