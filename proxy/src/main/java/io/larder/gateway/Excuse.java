package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.policy.CacheRules;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates a failure into what the policy calls trouble. */
final class Excuse {
    private Excuse() {}

    /** Under which reason {@code stored} may be served although {@code failure} came; empty: it may not be. */
    static Optional<Reason> of(CacheRules rules, Stored stored, Failure failure, Instant now) {
        if (failure.kind().isUnreachable()) {
            return Reuse.onTrouble(rules, stored, Reuse.Trouble.UNREACHABLE, now);
        }
        // an answer that is no HTTP, or no whole one, is as good as a 502
        return Reuse.isTrouble(failure.kind().status())
                ? Reuse.onTrouble(rules, stored, Reuse.Trouble.ERROR, now)
                : Optional.empty();
    }

    /** What a client is told of {@code failure} where {@code stored}, if anything, may not be served. */
    static Failure toTell(@Nullable Stored stored, Failure failure) {
        boolean mustBeConfirmed = stored != null && stored.head().use().stale().never();
        return mustBeConfirmed && failure.kind().isUnreachable()
                ? new Failure(Failure.Kind.UNVALIDATED, failure.kind().token() + ": " + failure.detail())
                : failure;
    }
}
