package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.Sources;
import io.larder.policy.CacheStatus;
import io.larder.policy.Storability;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a response that may be stored: its body is read once for everyone who waits for it, and kept when it is
 * whole. Confined to the fetch's loop.
 */
final class Keeping {
    private final SharedCache cache;
    private final Quest quest;
    private final Loop loop;
    private final Position fence;
    private final Runnable over;

    /**
     * @param fence taken before the origin was asked
     * @param over run once, when nothing more will be stored
     */
    Keeping(SharedCache cache, Quest quest, Loop loop, Position fence, Runnable over) {
        this.cache = cache;
        this.quest = quest;
        this.loop = loop;
        this.fence = fence;
        this.over = over;
    }

    /** Begins to read {@code response}; {@code status} is what its own client is told. */
    Arrival keep(Storability.Keep keep, Response response, CacheStatus.Forwarded status) {
        Source source = switch (response.body()) {
            case Body.Whole(Bytes bytes) -> Sources.of(bytes);
            case Body.Live live -> live.source();
        };
        Spool spool = new Spool(loop, source, quest.rules().maxObject(), whole -> ended(keep, whole));
        long length = response.body().length();
        Response streaming = response.withBody(spool.fill(length));
        Landing others = new Landing.Arriving(keep.with(Bytes.EMPTY), spool, length);
        return new Arrival.Passed(streaming, status, Landing.now(others));
    }

    private void ended(Storability.Keep keep, @Nullable Bytes whole) {
        try {
            if (whole != null) {
                cache.store().put(quest.key(), keep.with(whole.compact()), fence);
                cache.store().remove(quest.key().partial());
            }
        } finally {
            over.run();
        }
    }
}
