package io.larder.config.keys;

import io.larder.config.Watch.Outliers;
import io.larder.config.bind.Key;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.time.Duration;

/** The keys of an upstream's {@code outliers}. */
final class OutlierKeys {
    private static final Key<Outliers, Integer> CONSECUTIVE_FAILURES = Key.of(
            "consecutive-failures",
            Scalars.integer(1, 1_000_000),
            5,
            Outliers::consecutiveFailures,
            "Failures in a row after which a server is left alone.");
    private static final Key<Outliers, Double> SUCCESS_RATE = Key.of(
            "success-rate",
            Scalars.ratioOrOff(),
            0.0,
            outliers -> outliers.successRate() == null ? 0.0 : outliers.successRate(),
            "The share of good responses below which a server is left alone, too.");
    private static final Key<Outliers, Duration> EJECT = Key.of(
            "eject",
            Scalars.TIMEOUT,
            Duration.ofSeconds(30),
            Outliers::eject,
            "How long it is left alone; each time in a row longer.");
    private static final Key<Outliers, Duration> MAX_EJECT =
            Key.of("max-eject", Scalars.TIMEOUT, Duration.ofMinutes(5), Outliers::maxEject, "How long it is at most.");
    private static final Key<Outliers, Double> MAX_EJECTED = Key.of(
            "max-ejected",
            Scalars.RATIO,
            0.5,
            Outliers::maxEjected,
            "The share of servers that are left alone at most, at the same time.");

    static final Section<Outliers> SECTION = new Section<>(
            "outliers",
            "When a server is left alone because of what becomes of requests to it.",
            OutlierKeys::outliers,
            CONSECUTIVE_FAILURES,
            SUCCESS_RATE,
            EJECT,
            MAX_EJECT,
            MAX_EJECTED);

    private OutlierKeys() {}

    private static Outliers outliers(Values<Outliers> values) {
        Duration eject = values.get(EJECT);
        Duration maxEject = values.get(MAX_EJECT);
        boolean fits = eject.compareTo(maxEject) <= 0;
        if (!fits && values.wrote(MAX_EJECT)) {
            values.error(MAX_EJECT, "'max-eject' is shorter than 'eject'", null);
        }
        double rate = values.get(SUCCESS_RATE);
        return new Outliers(
                values.get(CONSECUTIVE_FAILURES),
                rate == 0 ? null : rate,
                eject,
                fits ? maxEject : eject,
                values.get(MAX_EJECTED));
    }
}
