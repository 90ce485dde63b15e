package io.larder.assembly;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads a body to its end, if that comes soon enough. Confined to its loop. */
final class Gathering implements Pump.Taker {
    /** What came of it. */
    sealed interface Result {
        /** All of it. */
        record Whole(Bytes octets) implements Result {}

        /** There is more of it than may be held: what came so far, and the rest, which nobody has asked for. */
        record TooLong(Bytes begun, Source rest) implements Result {}

        /** There was no room for more of it: what came so far, and the rest. */
        record Crowded(Bytes begun, Source rest) implements Result {}

        /** It broke off. */
        record Broken(Throwable cause) implements Result {}
    }

    private final Source source;
    private final long limit;
    private final Held held;
    private final List<Bytes> chunks = new ArrayList<>();
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private long length;

    private Gathering(Source source, long limit, Held held) {
        this.source = source;
        this.limit = limit;
        this.held = held;
    }

    /**
     * Reads {@code body}; completes on the loop, and never fails.
     *
     * @param limit the most octets that are held
     * @param held takes room for them
     */
    static CompletionStage<Result> of(Body body, long limit, Held held) {
        return switch (body) {
            case Body.Whole(Bytes octets) -> CompletableFuture.completedFuture(new Result.Whole(octets));
            case Body.Live(Source source, long length) -> {
                if (length > limit) {
                    yield CompletableFuture.completedFuture(new Result.TooLong(Bytes.EMPTY, source));
                }
                Gathering gathering = new Gathering(source, limit, held);
                new Pump(source, gathering).resume();
                yield gathering.result;
            }
        };
    }

    @Override
    public boolean chunk(Bytes bytes) {
        chunks.add(bytes);
        length += bytes.length();
        if (length > limit) {
            result.complete(new Result.TooLong(Bytes.concat(chunks), source));
            return false;
        }
        if (!held.take(bytes.length())) {
            result.complete(new Result.Crowded(Bytes.concat(chunks), source));
            return false;
        }
        return true;
    }

    @Override
    public void end(Headers trailers) {
        result.complete(new Result.Whole(Bytes.concat(chunks)));
    }

    @Override
    public void failed(Throwable cause) {
        result.complete(new Result.Broken(cause));
    }
}
