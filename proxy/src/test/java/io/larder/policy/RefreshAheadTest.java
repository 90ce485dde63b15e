package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshAheadTest {
    private static CacheRules rules(double part) {
        return CacheRules.DEFAULTS.withLifetimes(
                new CacheRules.Lifetimes(null, null, false, Map.of(), List.of(), part, Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource({
        // part, cost in ms, seconds since it was fetched (of 100), draw, due
        "0,   1000, 99.9, 0,    false",
        "0.1, 100,  0,    0,    false",
        "0.1, 100,  89.9, 0,    false",
        "0.1, 100,  90,   0,    true",
        "0.1, 100,  90,   0.09, true",
        "0.1, 100,  90,   0.11, false",
        "0.1, 100,  95,   0.19, true",
        "0.1, 100,  95,   0.21, false",
        "0.1, 100,  99.1, 1,    true",
        "0.1, 1000, 90.1, 1,    true", // what is costly is seen to earlier
        "0.1, 0,    90,   0.1,  false",
        "0.1, 0,    99.995, 1,  true",
        "0.1, 100,  100,  0,    false", // it is stale: too late
        "0.1, 100,  200,  0,    false",
        "1,   100,  0,    0,    true",
    })
    void due(double part, long cost, double seconds, double draw, boolean due) {
        Stored fetched = Given.stored("Cache-Control: max-age=100");
        Stored.Head head = fetched.head();
        Stored.Use use = new Stored.Use(
                head.use().stale(), head.use().keep(), head.use().tags(), Standing.SOUND, new Stored.Fetched(cost, 0));
        Stored stored = new Stored(
                new Stored.Head(
                        head.status(),
                        head.reason(),
                        head.headers(),
                        head.surrogate(),
                        head.vary(),
                        head.age(),
                        head.freshness(),
                        use),
                fetched.body());
        assertThat(RefreshAhead.isDue(rules(part), stored, Given.after(seconds), () -> draw))
                .isEqualTo(due);
    }
}
