package io.larder.policy;

import java.time.Instant;
import java.util.function.DoubleSupplier;

/** Whether a response that is still fresh is fetched anew behind the one who asks for it, so that nobody waits when it expires. */
public final class RefreshAhead {
    /** A response is fetched anew for certain once it is fresh for no longer than so many times what the last fetch took. */
    private static final double CERTAIN = 10;

    private RefreshAhead() {}

    /**
     * Decides for one request that {@code stored} answers.
     *
     * <p>Only in the last part of the lifetime that the route says; there, with a chance that grows as the end comes near,
     * and with what the last fetch took: an expensive response is seen to earlier. What nobody asks for is never fetched.
     *
     * @param chance gives numbers from 0 to 1, one for each request that may be due
     */
    public static boolean isDue(CacheRules rules, Stored stored, Instant now, DoubleSupplier chance) {
        double part = rules.lifetimes().refreshAhead();
        if (part <= 0) {
            return false;
        }
        long left = stored.left(now);
        double window = part * stored.head().freshness().lifetime();
        if (left <= 0 || left > window) {
            return false;
        }
        double cost = Math.max(1, stored.head().use().fetched().millis());
        return chance.getAsDouble() * left < cost * CERTAIN;
    }
}
