package io.larder.badhouse.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the world instead of being told, by call, by reference and in a lambda. */
public final class ReadsWorld {
    final Instant now = Instant.now();
    final LongSupplier ticks = System::nanoTime;
    final Supplier<@Nullable String> home = () -> System.getenv("HOME");
    final Clock clock = Clock.systemUTC();

    /** Innocent: the seed comes from outside. */
    Random seeded(long seed) {
        return new Random(seed);
    }
}
