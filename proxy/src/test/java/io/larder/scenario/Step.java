package io.larder.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that happens in a scenario. */
sealed interface Step {
    /** Time passes. */
    record After(Duration time) implements Step {}

    /**
     * An operator purges through the admin API.
     *
     * @param order the members of the call's JSON
     * @param matched how many stored responses must have been dropped; null: does not matter
     */
    record Purge(Map<String, List<String>> order, @Nullable Integer matched) implements Step {}

    /** A server stops: refuses connections, and drops those it has. */
    record Stop(String server) implements Step {}

    /** It comes back. */
    record Start(String server) implements Step {}

    /**
     * A client asks.
     *
     * @param request as it is sent
     * @param turns what origins see and say meanwhile, in order, and not once more
     * @param expected of the response
     * @param eventually asked again and again, for a while, until it is as expected
     */
    record Ask(Sent request, List<Turn> turns, Expected expected, boolean eventually) implements Step {}

    /**
     * A request.
     *
     * @param line method and target
     * @param headers beside Host, which it may name; {@code absent} for none
     * @param body null for none
     * @param raw sent instead of all that, its line ends made CRLF; null: it is not
     * @param connection that it goes over
     */
    record Sent(
            String line,
            Map<String, List<String>> headers,
            @Nullable String body,
            @Nullable String raw,
            String connection) {
        String method() {
            String first = raw == null ? line : raw.strip();
            return first.substring(0, Math.max(0, first.indexOf(' ')));
        }
    }

    /**
     * What an origin sees and says.
     *
     * @param server its name; {@code other} or {@code same} than in the turn before; null: any
     * @param line of the request, without version; null: any
     * @param sees expected of its fields
     * @param body expected of its content; null: any
     */
    record Turn(
            @Nullable String server,
            @Nullable String line,
            Map<String, List<String>> sees,
            @Nullable String body,
            Answer answer) {}

    /** How the connection to an origin goes on. */
    enum Ending {
        KEEP,
        CLOSE,
        RESET
    }

    /**
     * What an origin says.
     *
     * @param status 0 for nothing at all
     * @param interim heads of interim responses before it, as lines
     * @param raw said instead, its line ends made CRLF; null: it is not
     */
    record Answer(
            int status,
            Map<String, List<String>> headers,
            String body,
            List<String> interim,
            @Nullable String raw,
            Ending ending) {}

    /**
     * What a client expects.
     *
     * @param status 0 for any
     * @param cache what {@code Cache-Status} says; with {@code !} before it: what it does not say
     * @param body null for any
     * @param interim heads of interim responses before it, as lines; null: any
     * @param closed the connection ends after the response
     * @param truncated it ends inside the response
     */
    record Expected(
            int status,
            Map<String, List<String>> headers,
            List<String> cache,
            @Nullable String age,
            @Nullable String body,
            @Nullable List<String> interim,
            boolean closed,
            boolean truncated) {}
}
