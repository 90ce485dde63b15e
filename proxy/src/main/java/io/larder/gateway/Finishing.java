package io.larder.gateway;

import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.policy.Encodings;
import io.larder.policy.Guard;
import io.larder.policy.Storability;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be done with a body once all of it is here: looked through, and gzipped.
 *
 * @param gzip whether it is stored gzipped as well
 */
record Finishing(Guard guard, boolean gzip) {
    /** What a loop may look through between two other things, in bytes. */
    private static final long LIGHT = 32 * 1024;

    /** What became of a body. */
    sealed interface Outcome {
        /**
         * It may be stored and shared.
         *
         * @param gzipped the same in gzip; null where there is none
         */
        record Fit(@Nullable Bytes gzipped) implements Outcome {}

        /** It may not. */
        record Unfit(Storability.Refuse why) implements Outcome {}
    }

    /** Whether those who wait have to know the outcome first. */
    boolean isGuarded() {
        return !(guard instanceof Guard.Trust);
    }

    /** Whether {@code body} is done with at once, so that it need not leave the loop. */
    boolean isLight(Bytes body) {
        boolean plain = !(guard instanceof Guard.Inspect inspect) || inspect.coding() == ContentCoding.IDENTITY;
        boolean looked = !isGuarded() || (plain && body.length() <= LIGHT);
        return looked && !(gzip && Encodings.isLongEnough(body.length()));
    }

    /** Does it. May take its time. */
    Outcome with(Bytes body) {
        Optional<Storability.Refuse> why = guard.verdict(body);
        if (why.isPresent()) {
            return new Outcome.Unfit(why.get());
        }
        boolean worthIt = gzip && Encodings.isLongEnough(body.length());
        return new Outcome.Fit(worthIt ? ContentCoding.gzip(body) : null);
    }
}
