package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.gateway.RetrySettings.Condition;
import org.jspecify.annotations.Nullable;

/** The rule of what may be sent again (RFC 9110 §9.2.2), and where to. */
sealed interface Retries {
    /** The client gets what came. */
    record Deliver() implements Retries {}

    /** To another server if there is one, else over another connection to the same. */
    record Anywhere() implements Retries {}

    /** To another server, for this one will say the same again. */
    record Elsewhere() implements Retries {}

    Retries DELIVER = new Deliver();
    Retries ANYWHERE = new Anywhere();
    Retries ELSEWHERE = new Elsewhere();

    /**
     * What to do about a failure.
     *
     * @param repeatable the method is idempotent, and all of the request can be sent once more
     * @param intact all of the request can be sent once more
     */
    static Retries of(RetrySettings settings, Failure failure, boolean repeatable, boolean intact) {
        boolean allowed = repeatable || (intact && failure.isUnsent());
        Condition condition = condition(failure);
        if (!allowed || condition == null || !settings.on().contains(condition)) {
            return DELIVER;
        }
        return switch (condition) {
            case CONNECT, RESET -> ANYWHERE;
            case STATUS_502, STATUS_503, STATUS_504 -> ELSEWHERE;
        };
    }

    /** What to do about a response that has begun to come, and of which nothing has been passed on. */
    static Retries of(RetrySettings settings, int status, boolean repeatable) {
        Condition condition = condition(status);
        return repeatable && condition != null && settings.on().contains(condition) ? ELSEWHERE : DELIVER;
    }

    private static @Nullable Condition condition(Failure failure) {
        return switch (failure.kind()) {
            case DNS_ERROR, DESTINATION_UNAVAILABLE, CONNECTION_REFUSED, CONNECTION_TIMEOUT -> Condition.CONNECT;
            case CONNECTION_TERMINATED -> Condition.RESET;
            case CONNECTION_LIMIT, READ_TIMEOUT, WRITE_TIMEOUT, RESPONSE_TIMEOUT, RESPONSE_INCOMPLETE, PROTOCOL_ERROR ->
                condition(failure.kind().status());
            case LOOP_DETECTED,
                    REQUEST_ERROR,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    REQUEST_DENIED,
                    NOT_FOUND,
                    MISDIRECTED,
                    ONLY_IF_CACHED,
                    CLIENT_GONE,
                    INTERNAL -> null;
        };
    }

    private static @Nullable Condition condition(int status) {
        return switch (status) {
            case 502 -> Condition.STATUS_502;
            case 503 -> Condition.STATUS_503;
            case 504 -> Condition.STATUS_504;
            default -> null;
        };
    }
}
