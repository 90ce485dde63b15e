package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.exchange.Failure;
import java.time.Duration;
import java.util.Map;

/**
 * What one server is doing, at one moment.
 *
 * @param standing whether it gets requests
 * @param connections open now, idle ones included
 * @param capacity how many connections there may be
 * @param idle connections that wait for a request
 * @param inFlight requests sent, or about to be, whose response has not ended
 * @param pending requests that wait for a connection
 * @param queue what waiting there has been
 * @param requests attempts ever made
 * @param failures of attempts and of response bodies, by kind; kinds that never occurred are absent
 * @param ejectedFor how long it will still be left alone; zero for a server in use
 */
public record ServerStats(
        Endpoint endpoint,
        Standing standing,
        int connections,
        int capacity,
        int idle,
        int inFlight,
        int pending,
        Queue queue,
        long requests,
        Map<Failure.Kind, Long> failures,
        Duration ejectedFor) {
    /**
     * Requests that had to wait for a connection.
     *
     * @param waits how many ever
     * @param waited how long together
     */
    public record Queue(long waits, Duration waited) {}

    public String address() {
        return endpoint.address();
    }
}
