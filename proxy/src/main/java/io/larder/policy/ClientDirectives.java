package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.Fields;
import io.larder.http.Headers;
import java.util.Optional;

/** What a client demands of a stored response (RFC 9111 §5.2.1), on routes that listen to that. */
final class ClientDirectives {
    private ClientDirectives() {}

    static CacheControl of(Headers request) {
        return CacheControl.of(request);
    }

    static boolean forbidStorage(Headers request) {
        return request.contains(Fields.CACHE_CONTROL)
                && CacheControl.of(request).has("no-store");
    }

    static boolean onlyIfCached(Headers request) {
        return request.contains(Fields.CACHE_CONTROL)
                && CacheControl.of(request).has("only-if-cached");
    }

    /** Why a response that is {@code age} old and fresh for another {@code left} milliseconds is not good enough for the client. */
    static Optional<Reason> objection(CacheControl demands, long age, long left) {
        if (demands.has("no-cache")) {
            return Optional.of(Reason.CLIENT_NO_CACHE);
        }
        long maxAge = demands.seconds("max-age");
        if (maxAge != CacheControl.ABSENT && age > maxAge * 1000) {
            return Optional.of(Reason.CLIENT_MAX_AGE);
        }
        long minFresh = demands.seconds("min-fresh");
        if (minFresh != CacheControl.ABSENT && left < minFresh * 1000) {
            return Optional.of(Reason.CLIENT_MIN_FRESH);
        }
        return Optional.empty();
    }

    /** Whether the client takes a response that has been stale for {@code staleness} milliseconds (RFC 9111 §5.2.1.2). */
    static boolean takesStale(CacheControl demands, long staleness) {
        String argument = demands.argument("max-stale");
        if (argument == null) {
            return false;
        }
        return argument.isEmpty() || staleness <= demands.seconds("max-stale") * 1000;
    }
}
