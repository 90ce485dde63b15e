package io.larder.admin;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.http.Bytes;
import io.larder.http.Source;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens in the gateway, told to all who listen, as server-sent events. Telling never waits: who listens too slowly
 * misses the oldest of what he has not taken, and is told how much.
 */
@Shared
public final class Events {
    private static final int MOST_LISTENERS = 64;

    private final InstantSource clock;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;

    /** @param clock the wall clock, for the times of events */
    public Events(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Tells all who listen; on any thread.
     *
     * @param name what kind of event it is, a word of lower-case letters
     * @param data what there is to say, for JSON: small, and nothing secret; the time goes with it
     */
    public void publish(String name, Map<String, ?> data) {
        if (streams.isEmpty()) {
            return;
        }
        Map<String, Object> timed = new LinkedHashMap<>();
        timed.put("time", clock.instant());
        timed.putAll(data);
        String json = Json.write(timed).toUtf8().strip();
        Bytes event = Bytes.utf8("id: " + numbers.incrementAndGet() + "\nevent: " + name + "\ndata: " + json + "\n\n");
        streams.forEach(stream -> stream.offer(event));
    }

    /**
     * What happens from now on; empty where too many listen already, or the gateway ends.
     *
     * @param loop on which it is read
     */
    Optional<Source> listen(Loop loop) {
        if (closed || streams.size() >= MOST_LISTENERS) {
            return Optional.empty();
        }
        EventStream stream = new EventStream(loop, streams::remove);
        streams.add(stream);
        stream.begin();
        if (closed) {
            stream.finish();
        }
        return Optional.of(stream);
    }

    /** How many listen. */
    public int listeners() {
        return streams.size();
    }

    /** Tells those who listen that there is no more. */
    public void close() {
        closed = true;
        streams.forEach(EventStream::finish);
    }
}
