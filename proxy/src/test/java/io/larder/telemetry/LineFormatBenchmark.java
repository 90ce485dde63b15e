package io.larder.telemetry;

import io.larder.bench.Samples;
import io.larder.exchange.Exchange;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Formatting the access log's line of a hit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LineFormatBenchmark {
    @Param({"combined", "json"})
    public String format = "combined";

    private final Line line = new Line();
    private final Exchange exchange = Exchanges.hit(new ManualLoop(), "product");
    private final Request request = Samples.request("browser");
    private final Telemetry.Outcome outcome = Exchanges.outcome(200, 1024, Duration.ofNanos(83_250));
    private LineFormat lines = new CombinedFormat();

    @Setup
    public void prepare() {
        lines = format.equals("json") ? new JsonFormat() : new CombinedFormat();
    }

    @Benchmark
    public Line write() {
        line.clear();
        lines.write(line, exchange, request, outcome);
        return line;
    }
}
