package io.larder.bench;

import io.larder.http.HeadLimits;
import io.larder.http.HeadParser;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading a request's head. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadParserBenchmark {
    private static final HeadLimits LIMITS = new HeadLimits(8 * 1024, 8 * 1024, 32 * 1024, 100);

    @Param({"curl", "browser"})
    public String client = "curl";

    private byte[] head = {};

    @Setup
    public void prepare() {
        head = Samples.head(client).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Benchmark
    public RequestHead request() throws Malformed {
        return HeadParser.request(head, 0, head.length, LIMITS);
    }
}
