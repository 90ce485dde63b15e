package io.larder.bench;

import io.larder.http.Request;
import io.larder.policy.CacheRules;
import io.larder.policy.Reuse;
import io.larder.policy.Variants;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Judging a fresh stored response. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReuseBenchmark {
    @Param({"", "Accept-Encoding"})
    public String vary = "";

    private Request request = Samples.request("browser");
    private Variants stored = Variants.NONE;

    @Setup
    public void prepare() {
        stored = Variants.of(Samples.stored(request, vary));
    }

    @Benchmark
    public Reuse fresh() {
        return Reuse.of(CacheRules.DEFAULTS, request, stored, Samples.NOW);
    }
}
