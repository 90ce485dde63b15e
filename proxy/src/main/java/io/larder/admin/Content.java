package io.larder.admin;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gathers a request's body up to a limit. Confined to the exchange's loop. */
final class Content implements Pump.Taker {
    /** The largest body of a call, in bytes. */
    static final int MOST = 1 << 20;

    private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
    private final List<Bytes> chunks = new ArrayList<>();
    private long length;

    private Content() {}

    /** All of {@code body}, or {@link Refused} 413, or what broke it off. */
    static CompletionStage<Bytes> of(Body body) {
        if (body.length() > MOST) {
            body.discard();
            return CompletableFuture.failedFuture(tooLarge());
        }
        return switch (body) {
            case Body.Whole all -> CompletableFuture.completedFuture(all.bytes());
            case Body.Live live -> read(live);
        };
    }

    private static CompletionStage<Bytes> read(Body.Live live) {
        Content content = new Content();
        Pump pump = new Pump(live.source(), content);
        content.whole.whenComplete((bytes, failure) -> {
            if (failure != null) {
                pump.cancel();
            }
        });
        pump.resume();
        return content.whole;
    }

    private static Refused tooLarge() {
        return Refused.of(413, "the body of a call may have 1 MiB");
    }

    @Override
    public boolean chunk(Bytes bytes) {
        length += bytes.length();
        if (length > MOST) {
            whole.completeExceptionally(tooLarge());
            return false;
        }
        chunks.add(bytes);
        return true;
    }

    @Override
    public void end(Headers trailers) {
        whole.complete(Bytes.concat(chunks));
    }

    @Override
    public void failed(Throwable cause) {
        whole.completeExceptionally(cause);
    }
}
