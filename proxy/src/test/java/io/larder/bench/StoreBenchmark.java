package io.larder.bench;

import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Variants;
import io.larder.store.LocalStore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Making the key of a request and finding what is stored under it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreBenchmark {
    private static final long ROOM = 256L * 1024 * 1024;
    private static final CacheRules RULES = CacheRules.DEFAULTS;

    @Param({"1", "100000"})
    public int objects = 1;

    private final LocalStore store = new LocalStore(ROOM, System::nanoTime, Runnable::run, Runnable::run);
    private Request[] requests = {};
    private int next;

    @Setup
    public void fill() {
        requests = new Request[objects];
        for (int i = 0; i < objects; i++) {
            requests[i] = Samples.request("/products/" + i + "?colour=red");
            store.put(CacheKey.of(RULES.key(), requests[i]), Samples.stored(requests[i], ""), store.fence());
        }
    }

    /** Another URL each time. */
    @Benchmark
    public Variants near() {
        next = next + 1 == requests.length ? 0 : next + 1;
        return store.near(CacheKey.of(RULES.key(), requests[next]));
    }
}
