package io.larder.config.keys;

import io.larder.config.Watch.Health;
import io.larder.config.Watch.Probe;
import io.larder.config.Watch.StatusRange;
import io.larder.config.bind.Key;
import io.larder.config.bind.OneOrMore;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of an upstream's {@code health}. */
final class HealthKeys {
    private static final Scalar<StatusRange> STATUSES = new Scalar<>(
            "a status from 100 to 599 or a range of them",
            "write a status such as 200, a range such as 200-399, or a list of them",
            HealthKeys::range,
            HealthKeys::written,
            statuses());

    private static final Key<Health, String> PATH = Key.of(
            "path",
            new Scalar<>(
                    "a path",
                    "begin with '/', such as /healthz; a query may follow",
                    text -> text.matches("/[!-~&&[^#]]*") ? text : null,
                    path -> path,
                    Schemas.pattern("/[^#\\s]*")),
            "/healthz",
            health -> health.probe().path(),
            "What is asked for with GET.");
    private static final Key<Health, String> HOST = Key.optional(
            "host",
            Scalars.AUTHORITY,
            health -> health.probe().host(),
            "The Host of checks; absent: the upstream's host where that is a name, else the server's address.");
    private static final Key<Health, List<StatusRange>> EXPECT = Key.of(
            "expect",
            new OneOrMore<>(STATUSES),
            List.of(new StatusRange(200, 399)),
            health -> health.probe().expect(),
            "The statuses of a good answer: 200-399, or a list such as [200, 204, 300-399].");
    private static final Key<Health, Duration> INTERVAL =
            Key.of("interval", Scalars.TIMEOUT, Duration.ofSeconds(2), Health::interval, "From one check to the next.");
    private static final Key<Health, Duration> TIMEOUT = Key.of(
            "timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(1),
            Health::timeout,
            "A check that takes longer has failed.");
    private static final Key<Health, Integer> RISE = Key.of(
            "rise", Scalars.integer(1, 1000), 2, Health::rise, "Good answers in a row that make a server healthy.");
    private static final Key<Health, Integer> FALL = Key.of(
            "fall", Scalars.integer(1, 1000), 3, Health::fall, "Failed checks in a row that make a server unhealthy.");
    private static final Key<Health, Double> PANIC_THRESHOLD = Key.of(
            "panic-threshold",
            Scalars.RATIO,
            0.0,
            Health::panicThreshold,
            "Where a smaller share of servers is healthy, checks are not believed and all servers are used.");

    static final Section<Health> SECTION = new Section<>(
            "health",
            "How servers are asked whether they are well.",
            HealthKeys::health,
            PATH,
            HOST,
            EXPECT,
            INTERVAL,
            TIMEOUT,
            RISE,
            FALL,
            PANIC_THRESHOLD);

    private HealthKeys() {}

    private static Health health(Values<Health> values) {
        return new Health(
                new Probe(values.get(PATH), values.find(HOST), values.get(EXPECT)),
                values.get(INTERVAL),
                values.get(TIMEOUT),
                values.get(RISE),
                values.get(FALL),
                values.get(PANIC_THRESHOLD));
    }

    private static Map<String, Object> statuses() {
        Map<String, Object> schema = Schemas.pattern("[1-5][0-9]{2}(-[1-5][0-9]{2})?");
        schema.put("type", List.of("integer", "string"));
        schema.put("minimum", 100);
        schema.put("maximum", 599);
        return schema;
    }

    private static @Nullable StatusRange range(String text) {
        if (!text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
            return null;
        }
        int first = Integer.parseInt(text.substring(0, 3));
        int last = Integer.parseInt(text.substring(text.length() - 3));
        if (first > last) {
            throw new IllegalArgumentException("ends before it begins");
        }
        return new StatusRange(first, last);
    }

    private static Object written(StatusRange range) {
        return range.first() == range.last() ? (Object) range.first() : range.first() + "-" + range.last();
    }
}
