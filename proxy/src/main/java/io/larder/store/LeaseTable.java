package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.policy.CacheKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases that nodes share. A lease lasts while its holder lives, and has a text that the holder alone made up. Each call
 * is answered as of one moment, on any thread; it fails where there is no answer, within a time that the implementation sets.
 */
interface LeaseTable {
    /**
     * What somebody wants: a lease of his own.
     *
     * @param lease what it is called
     * @param text that no other holder has
     */
    record Bid(CacheKey key, String lease, String text) {
        /** @param chance any number */
        static Bid of(CacheKey key, String lease, AsOf asOf, long chance) {
            String text = hexadecimal(chance) + ' ' + hexadecimal(asOf.epoch()) + ' ' + hexadecimal(asOf.position());
            return new Bid(key, lease, text);
        }

        private static String hexadecimal(long number) {
            return Long.toHexString(number);
        }
    }

    /**
     * Another's lease.
     *
     * @param left milliseconds that it lasts unless it is renewed
     */
    record Held(String text, long left) {
        /** Which purges its holder knew of when he began; null where it does not say so in our words. */
        @Nullable
        AsOf asOf() {
            String[] parts = text.split(" ", -1);
            try {
                return parts.length == 3 ? new AsOf(number(parts[1]), number(parts[2])) : null;
            } catch (NumberFormatException strange) {
                return null;
            }
        }

        private static long number(String hexadecimal) {
            return Long.parseUnsignedLong(hexadecimal, 16);
        }
    }

    /** A message: a lease was given up. */
    record Landed(String lease, Leases.Outcome outcome) {
        String written() {
            char letter = switch (outcome) {
                case STORED -> 's';
                case UNSHAREABLE -> 'u';
                case FAILED -> 'f';
            };
            return letter + lease;
        }

        /** What a later node may say beside these is nothing to go by. */
        static Landed read(String text) {
            Leases.Outcome outcome = text.startsWith("s")
                    ? Leases.Outcome.STORED
                    : text.startsWith("u") ? Leases.Outcome.UNSHAREABLE : Leases.Outcome.FAILED;
            return new Landed(text.isEmpty() ? "" : text.substring(1), outcome);
        }
    }

    /** Whether there is any point in asking now. */
    boolean isAsked();

    /** Takes the lease where there is none, or only {@code outdated}; else answers with the one that there is. */
    CompletionStage<Optional<Held>> claim(Bid bid, Duration life, String outdated);

    /** Whether the lease was there still, and lasts for {@code life} from now. */
    CompletionStage<Boolean> renew(Bid bid, Duration life);

    /** Gives it up, and says so, if it is there still. Whether that arrives or not. */
    void release(Bid bid, Leases.Outcome outcome);

    /** How many milliseconds a lease lasts; negative where there is none. */
    CompletionStage<Long> left(String lease);

    /** Has {@code listener} called on any thread when a lease is given up: not for certain. */
    void listen(Consumer<Landed> listener);
}
