package io.larder.exchange;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight, as all layers see it.
 *
 * @param id unique enough to find this request in the logs
 * @param loop that it lives on
 * @param deadline on {@link Loop#nanos}: past it nobody waits any more
 * @param client who asked
 * @param departure tells when the client has left
 * @param interim takes interim responses for the client (RFC 9110 §15.2)
 * @param journal what is told to telemetry when it is over
 * @param inclusion where it is for a part of a page; null for a client's own request
 * @param ties what ties the client to servers
 * @param met the names of the rules whose passwords or tokens the client has shown
 */
public record Exchange(
        RequestId id,
        Loop loop,
        long deadline,
        Client client,
        Departure departure,
        Interim interim,
        Journal journal,
        @Nullable Inclusion inclusion,
        Ties ties,
        Set<String> met) {
    public Exchange {
        met = Set.copyOf(met);
    }

    /** The deadline of an exchange that has none yet. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** A client's own request, begun now. */
    public static Exchange begin(RequestId id, Loop loop, Client client, Interim interim) {
        return new Exchange(
                id,
                loop,
                NO_DEADLINE,
                client,
                new Departure(),
                interim,
                new Journal(loop.nanos()),
                null,
                Ties.NONE,
                Set.of());
    }

    /**
     * A request on behalf of this one that outlives its client: it has its own departure and journal, passes on no
     * interim responses, and no deadline yet. What ties the client ties it.
     */
    public Exchange child() {
        return on(inclusion);
    }

    /** The request for a part of the page that this exchange answers: as {@link #child} otherwise. */
    public Exchange forFragment(Inclusion part) {
        return on(part);
    }

    private Exchange on(@Nullable Inclusion part) {
        return new Exchange(
                id,
                loop,
                NO_DEADLINE,
                client,
                new Departure(),
                Interim.NONE,
                new Journal(loop.nanos(), journal),
                part,
                ties,
                met);
    }

    /** This exchange as one of {@code other}, whom a trusted proxy names: all that is told to telemetry is of that client, too. */
    public Exchange withClient(Client other) {
        journal.madeFor(other);
        return new Exchange(id, loop, deadline, other, departure, interim, journal, inclusion, ties, met);
    }

    public Exchange withInterim(Interim other) {
        return new Exchange(id, loop, deadline, client, departure, other, journal, inclusion, ties, met);
    }

    public Exchange withTies(Ties other) {
        return new Exchange(id, loop, deadline, client, departure, interim, journal, inclusion, other, met);
    }

    /** This exchange of a client who has shown what the rule of that name asks for. */
    public Exchange withMet(String rule) {
        Set<String> more = Stream.concat(met.stream(), Stream.of(rule)).collect(Collectors.toUnmodifiableSet());
        return new Exchange(id, loop, deadline, client, departure, interim, journal, inclusion, ties, more);
    }

    /** The address of the server that the client is bound to, as it is configured; null where it is bound to none. */
    public @Nullable String affinity() {
        return ties.server();
    }

    /** This exchange of a client who is bound to {@code server}; null: to none. */
    public Exchange withAffinity(@Nullable String server) {
        return withTies(ties.to(server));
    }

    /** This exchange as one of several attempts at the same, of which each can be given up by itself. */
    public Exchange withDeparture(Departure other) {
        return new Exchange(id, loop, deadline, client, other, interim, journal, inclusion, ties, met);
    }

    /** This exchange with at most {@code time} left from now. */
    public Exchange within(Duration time) {
        long latest = loop.nanos() + time.toNanos();
        boolean sooner = deadline == NO_DEADLINE || latest - deadline < 0;
        return sooner
                ? new Exchange(id, loop, latest, client, departure, interim, journal, inclusion, ties, met)
                : this;
    }

    /** What is left until the deadline; zero or less once it has passed. */
    public Duration remaining() {
        return deadline == NO_DEADLINE ? Duration.ofDays(1) : Duration.ofNanos(deadline - loop.nanos());
    }
}
