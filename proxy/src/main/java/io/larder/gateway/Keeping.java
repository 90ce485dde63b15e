package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.Sources;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Storability;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a response that may be stored: its body is read once for everyone who waits for it, and kept when it is
 * whole. Confined to the fetch's loop.
 */
final class Keeping {
    /** As long as a download may take that was begun together and has to be begun again alone. */
    private static final Duration TOO_LARGE = Duration.ofMinutes(5);

    private final SharedCache cache;
    private final Quest quest;
    private final Loop loop;
    private final Position fence;
    private final Runnable over;
    private @Nullable Spool spool;

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

    /**
     * Begins to read {@code response}.
     *
     * @param room for its body
     * @param status what its own client is told
     * @param rest how that one goes on when the others have left it behind
     */
    Arrival.Passed keep(
            Storability.Keep keep,
            Response response,
            Allotment room,
            CacheStatus.Forwarded status,
            SpoolReader.Rest rest) {
        Source source = switch (response.body()) {
            case Body.Whole(Bytes bytes) -> Sources.of(bytes);
            case Body.Live live -> live.source();
        };
        Spool shared = new Spool(loop, source, room, whole -> ended(keep, whole));
        spool = shared;
        long length = response.body().length();
        Response streaming = response.withBody(shared.fill(length, rest));
        Landing others = new Landing.Arriving(keep.with(Bytes.EMPTY), shared, length);
        return new Arrival.Passed(streaming, status, Landing.now(others));
    }

    /** Why {@code broken} did not bring the whole body. */
    private Reason lost(Spool broken) {
        if (broken.isTooLarge()) {
            cache.store().noteUnshareable(quest.key(), TOO_LARGE);
            return Reason.TOO_LARGE;
        }
        return broken.failure() == null ? Reason.TOO_BUSY : Reason.INCOMPLETE;
    }

    private void ended(Storability.Keep keep, @Nullable Bytes whole) {
        try {
            if (whole != null) {
                boolean kept = cache.store().put(quest.key(), keep.with(whole), fence);
                cache.store().remove(quest.key().partial());
                if (!kept) {
                    quest.exchange().journal().notStored(Reason.PURGED.code());
                }
            } else if (spool != null) {
                quest.exchange().journal().notStored(lost(spool).code());
            }
        } finally {
            over.run();
        }
    }
}
