package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Handler;
import io.larder.http.Bytes;
import io.larder.http.ContentRange;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.policy.CacheStatus;
import io.larder.policy.Completion;
import io.larder.policy.PartialContent;
import io.larder.policy.Parts;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.store.Store;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Parts of responses: finds them, fetches them as they are asked for, keeps what came (RFC 9111 §3.3, §3.4). */
final class Partials {
    private final Handler origin;
    private final SharedCache cache;

    Partials(Handler origin, SharedCache cache) {
        this.origin = origin;
        this.cache = cache;
    }

    /** The fresh parts that are stored of what {@code quest} asks for. */
    Optional<Parts> find(Quest quest, Instant now) {
        return Reuse.of(
                                quest.rules(),
                                quest.request(),
                                cache.store().near(quest.key().partial()),
                                now)
                        instanceof Reuse.Fresh(Stored stored, Reason why)
                ? Parts.of(stored)
                : Optional.empty();
    }

    /** The way to the origin for a request for the whole: a detour where parts of it are stored that can be completed. */
    Handler completing(Quest quest) {
        Instant now = quest.exchange().loop().now();
        return find(quest, now)
                .flatMap(parts -> Completion.of(quest.rules().ranges(), parts, now))
                .<Handler>map(completion -> new Completing(
                        origin,
                        completion,
                        () -> cache.store().remove(quest.key().partial())))
                .orElse(origin);
    }

    /** Asks the origin for the part that {@code need} asks for, as it asks for it. */
    CompletionStage<Arrival> fetch(Need need) {
        Quest quest = need.quest();
        Fence fence = cache.store().fence();
        Instant askedAt = quest.exchange().loop().now();
        return new Fetch(origin, cache, need, quest.exchange(), fence, outcome -> {})
                .run()
                .thenApply(arrival -> switch (arrival) {
                    case Arrival.Passed passed
                    when passed.response().status() == 206 -> judged(quest, passed, askedAt, fence);
                    case Arrival.Passed passed -> passed;
                    case Arrival.Reused reused -> reused;
                    case Arrival.Failed failed -> failed;
                });
    }

    private Arrival judged(Quest quest, Arrival.Passed passed, Instant askedAt, Fence fence) {
        Response response = passed.response();
        Instant now = quest.exchange().loop().now();
        return switch (PartialContent.of(quest.rules(), quest.request(), response, askedAt, now)) {
            case PartialContent.Refuse(Reason why) ->
                new Arrival.Passed(response, passed.status().notStored(why), passed.others());
            case PartialContent.Keep keep -> kept(quest, keep, passed, fence);
        };
    }

    private Arrival kept(Quest quest, PartialContent.Keep keep, Arrival.Passed passed, Fence fence) {
        Response response = passed.response();
        CacheStatus.Forwarded status = passed.status();
        int least = quest.rules().storing().minUses();
        if (least > 1 && cache.store().uses(quest.key()) < least) {
            return new Arrival.Passed(response, status.notStored(Reason.MIN_USES), passed.others());
        }
        Optional<Allotment> room = Allotment.of(
                cache.flights().memory(),
                response.body().length(),
                quest.rules().maxObject());
        if (room.isEmpty()) {
            return new Arrival.Passed(response, status.notStored(Reason.TOO_BUSY), passed.others());
        }
        long ttl =
                new Stored(keep.head(), Bytes.EMPTY).ttl(quest.exchange().loop().now());
        Response spooled = spooled(quest, keep, response, room.get(), fence);
        return new Arrival.Passed(spooled, status.storedFor(ttl), passed.others());
    }

    private Response spooled(Quest quest, PartialContent.Keep keep, Response response, Allotment room, Fence fence) {
        Source source = response.body().source();
        Spool spool = new Spool(quest.exchange().loop(), source, room, body -> ended(quest, keep, body, fence));
        return response.withBody(spool.fill(response.body().length(), offset -> null));
    }

    private void ended(Quest quest, PartialContent.Keep keep, @Nullable Bytes body, Fence fence) {
        boolean lenient = quest.rules().ranges().lenient();
        Optional<ContentRange> came =
                body == null ? Optional.empty() : PartialContent.received(keep.range(), body.length(), lenient);
        if (body == null || came.isEmpty()) {
            quest.exchange().journal().notStored(Reason.INCOMPLETE.code());
        } else if (!store(quest, Parts.of(keep.head(), came.get(), body), fence)) {
            quest.exchange().journal().notStored(Reason.PURGED.code());
        }
    }

    /** Beside the parts of the same representation that are there, or in their place. */
    private boolean store(Quest quest, Parts came, Fence fence) {
        Store store = cache.store();
        Instant now = quest.exchange().loop().now();
        // taken after the fence: a purge in between has removed them, or keeps all of it from being stored
        Stored known = store.near(quest.key().partial()).select(quest.request().headers());
        Parts all = known == null
                ? came
                : Parts.of(known)
                        .filter(older -> older.fits(came, now))
                        .map(older -> older.with(came, quest.rules().maxObject()))
                        .orElse(came);
        if (!all.isWhole()) {
            return store.put(quest.key().partial(), all.stored(), fence);
        }
        boolean kept = store.put(quest.key(), all.whole(), fence);
        store.remove(quest.key().partial());
        return kept;
    }
}
