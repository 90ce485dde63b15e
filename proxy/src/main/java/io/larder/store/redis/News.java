package io.larder.store.redis;

import io.larder.exchange.Shared;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who listens on which channel, over one connection that is made when the first one does. */
@Shared
final class News implements Line.Events<StatefulRedisPubSubConnection<String, byte[]>> {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);

    private final Map<String, Consumer<byte[]>> listeners = new ConcurrentHashMap<>();
    private final Line<StatefulRedisPubSubConnection<String, byte[]>> line;

    /** @param making makes the line that tells its events to the one it is given */
    News(
            Function<
                            Line.Events<StatefulRedisPubSubConnection<String, byte[]>>,
                            Line<StatefulRedisPubSubConnection<String, byte[]>>>
                    making) {
        this.line = making.apply(this);
    }

    void subscribe(String channel, Consumer<byte[]> listener) {
        listeners.put(channel, listener);
        Session<StatefulRedisPubSubConnection<String, byte[]>> session = line.session();
        if (session != null) {
            session.connection().async().subscribe(channel);
        }
    }

    @Override
    public void up(StatefulRedisPubSubConnection<String, byte[]> connection) {
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, byte[] message) {
                hear(channel, message);
            }
        });
        connection.async().subscribe(listeners.keySet().toArray(String[]::new));
    }

    @Override
    public void down(RedisFailure why) {}

    void drop(RedisFailure why) {
        line.drop(why);
    }

    CompletionStage<?> close() {
        return line.close();
    }

    private void hear(String channel, byte[] message) {
        Consumer<byte[]> listener = listeners.get(channel);
        if (listener == null) {
            return;
        }
        try {
            listener.accept(message);
        } catch (RuntimeException e) {
            LOG.error("a message on {} was not understood", channel, e);
        }
    }
}
