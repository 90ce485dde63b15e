package io.larder.telemetry;

import io.larder.exchange.Client;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the connections that were closed because their client did too much of something: a line each. */
record FloodLog(LogWriter writer) {
    private static final Logger LOG = LoggerFactory.getLogger(FloodLog.class);

    /** Notes that {@code client} did too much of {@code kind}. Returns at once. */
    void note(Client client, String kind) {
        writer.write(() -> LOG.warn(
                "an HTTP/2 connection of {} to listener {} is closed: too many {}",
                client.address(),
                client.listener(),
                kind));
    }
}
