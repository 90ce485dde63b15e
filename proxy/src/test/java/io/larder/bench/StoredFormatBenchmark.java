package io.larder.bench;

import io.larder.coherence.AsOf;
import io.larder.http.Bytes;
import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Stored;
import io.larder.store.format.Decoded;
import io.larder.store.format.StoredFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Writing a stored response for other nodes, and reading what one of them wrote. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoredFormatBenchmark {
    private static final AsOf AS_OF = new AsOf(1, 2);

    @Param({"1024", "102400"})
    public int octets = 1024;

    private final Request request = Samples.request("browser");
    private final CacheKey key = CacheKey.of(CacheRules.DEFAULTS.key(), request);
    private Stored stored = Samples.stored(request, "Accept-Encoding");
    private byte[] envelope = {};

    @Setup
    public void prepare() {
        stored = new Stored(stored.head(), Bytes.of(new byte[octets]).compact());
        envelope = encode().head();
    }

    @Benchmark
    public StoredFormat.Encoded encode() {
        return StoredFormat.encode(key, stored, AS_OF, 3);
    }

    @Benchmark
    public Decoded decode() {
        return StoredFormat.decode(key, envelope);
    }
}
