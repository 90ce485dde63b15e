package io.larder.server.h1;

import io.larder.bench.Samples;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.Stored;
import io.larder.server.connection.Delimitation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing the head of a hit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseHeadsBenchmark {
    private static final byte[] DATE = "Date: Sun, 29 Nov 2026 12:00:07 GMT\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuf out = Unpooled.directBuffer(4096);
    private final Stored stored = Samples.stored(Samples.request("curl"), "");
    private final Response hit = Response.of(200, stored.headers(), new Body.Whole(stored.body()))
            .adding(Headers.of(
                    "Age", "7", "Cache-Status", "larder; hit; ttl=3593; detail=\"fresh\"", "X-Cache", "HIT"));
    private final Delimitation length = new Delimitation.Length(1024);

    /** How many bytes were written. */
    @Benchmark
    public int write() {
        out.clear();
        ResponseHeads.write(out, hit, length, ResponseHeads.Persistence.UNSAID, DATE);
        return out.readableBytes();
    }
}
