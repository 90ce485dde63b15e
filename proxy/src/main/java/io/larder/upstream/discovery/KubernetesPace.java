package io.larder.upstream.discovery;

import io.larder.balance.Backoff;
import java.time.Duration;

/**
 * How patient one is with the Kubernetes API. A value.
 *
 * @param answer how long a list, or the beginning of a watch, may take
 * @param watch how long a watch is to last; up to half as much is added, so that not all nodes come back at once
 * @param grace how much longer nothing may come before the connection is taken for dead
 * @param settled how long a watch must last before it is believed
 * @param backoff between failures
 */
record KubernetesPace(Duration answer, Duration watch, Duration grace, Duration settled, Backoff backoff) {
    /** What goes wrong when an API server is replaced: a connection is lost, and the next server knows less of the past. */
    private static final int REPLACED = 2;

    /** A dead connection is seen after three minutes at the latest; API servers send bookmarks each minute, but need not. */
    static final KubernetesPace USUAL = new KubernetesPace(
            Duration.ofSeconds(15),
            Duration.ofSeconds(110),
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)));

    /** The length of one watch. */
    Duration watch(double chance) {
        return watch.plusNanos((long) (chance * watch.toNanos() / 2));
    }

    /**
     * The pause after trouble.
     *
     * @param failures how many there were in a row, with this one
     */
    Duration pause(ApiTrouble trouble, int failures, double chance) {
        Duration grown = backoff.pause(failures, chance);
        return switch (trouble.kind()) {
            case GONE -> failures <= REPLACED ? Duration.ZERO : grown;
            case LOST, REFUSED -> grown.compareTo(trouble.pause()) < 0 ? trouble.pause() : grown;
        };
    }

    /**
     * Whether trouble is told. An API server that is replaced drops its watches, which are resumed elsewhere, perhaps with a
     * new list: that is no outage yet.
     *
     * @param known whether servers have been learned already
     */
    static boolean isOutage(ApiTrouble trouble, int failures, boolean known) {
        return switch (trouble.kind()) {
            case GONE -> failures > REPLACED;
            case LOST -> failures > 1 || !known;
            case REFUSED -> true;
        };
    }
}
