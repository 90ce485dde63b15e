package io.larder.config.keys;

import io.larder.config.UpstreamConfig.Retry;
import io.larder.config.UpstreamConfig.RetryOn;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of an upstream's {@code retry}. */
final class RetryKeys {
    private static final List<String> STATUSES = List.of("500", "502", "503", "504");

    private static final Key<Retry, Integer> ATTEMPTS = Key.of(
            "attempts",
            Scalars.integer(1, 10),
            2,
            Retry::attempts,
            "How often a request is sent at most, the first time included; 1: never again.");
    private static final Key<Retry, List<String>> ON = Key.of(
            "on",
            ListOf.any(Scalar.choice(words())),
            List.of("connect", "reset", "502", "503", "504"),
            retry -> words(retry.on()),
            "What makes a request worth another attempt.");
    private static final Key<Retry, Double> BUDGET =
            Key.of("budget", Scalars.RATIO, 0.2, Retry::budget, "Retries as a share of all requests.");
    private static final Key<Retry, Duration> HEDGE_AFTER = Key.of(
            "hedge-after",
            Scalars.orOff(Scalars.TIMEOUT),
            Duration.ZERO,
            retry -> retry.hedgeAfter() == null ? Duration.ZERO : retry.hedgeAfter(),
            "How long a response is waited for until another server is asked as well; only where that is safe.");

    static final Section<Retry> SECTION = new Section<>(
            "retry", "When a request is tried again.", RetryKeys::retry, ATTEMPTS, ON, BUDGET, HEDGE_AFTER);

    private RetryKeys() {}

    private static Retry retry(Values<Retry> values) {
        Duration hedgeAfter = values.get(HEDGE_AFTER);
        return new Retry(
                values.get(ATTEMPTS), on(values.get(ON)), values.get(BUDGET), hedgeAfter.isZero() ? null : hedgeAfter);
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("connect", "connect");
        words.put("reset", "reset");
        STATUSES.forEach(status -> words.put(status, status));
        return words;
    }

    private static RetryOn on(List<String> words) {
        Set<Integer> statuses =
                words.stream().filter(STATUSES::contains).map(Integer::valueOf).collect(Collectors.toSet());
        return new RetryOn(words.contains("connect"), words.contains("reset"), statuses);
    }

    private static List<String> words(RetryOn on) {
        List<String> words = new ArrayList<>();
        if (on.connect()) {
            words.add("connect");
        }
        if (on.reset()) {
            words.add("reset");
        }
        on.statuses().stream().sorted().map(String::valueOf).forEach(words::add);
        return words;
    }
}
