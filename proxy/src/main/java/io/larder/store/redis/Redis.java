package io.larder.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What Larder asks of Redis, be it one server, one that sentinels choose, or a cluster.
 *
 * <p>Any thread may call, no call blocks and none throws. Each answer comes within the deadline that was configured, on a
 * thread that is not a loop of Larder's: whoever lives on a loop hops back. What goes wrong is a {@link RedisFailure}, never
 * wrapped. In a cluster all keys of one call must be in one slot, which is to say: bear the same {@code {tag}}.
 */
public interface Redis {
    /** The value of a key, if there is one. */
    CompletionStage<Optional<byte[]>> get(String key);

    /** The values of some keys, in their order. */
    CompletionStage<List<Optional<byte[]>>> mget(List<String> keys);

    /** Sets a value that is gone after {@code life}. */
    CompletionStage<Void> set(String key, byte[] value, Duration life);

    /** The fields of a hash; none where there is no such key. */
    CompletionStage<Map<String, byte[]>> hgetall(String key);

    /**
     * The fields of a hash, and how long some other keys have to live still: asked together, and answered in the time that
     * the first alone would take. No script does it, since a script costs the server several times as much as these commands
     * do.
     */
    CompletionStage<Surveyed> survey(String key, List<String> beside);

    /**
     * What a survey has found.
     *
     * @param fields none where there is no such hash
     * @param lives in the order in which was asked; zero for a key that is not there, or lives for ever
     */
    record Surveyed(Map<String, byte[]> fields, List<Duration> lives) {
        public Surveyed {
            lives = List.copyOf(lives);
        }
    }

    /** Sets fields of a hash; its other fields and its life stay as they are. */
    CompletionStage<Void> hset(String key, Map<String, byte[]> fields);

    /** Gives a key so long to live; false where there is none. */
    CompletionStage<Boolean> pexpire(String key, Duration life);

    /** Removes keys; how many there were. */
    CompletionStage<Long> unlink(List<String> keys);

    /**
     * Runs a script. It answers with a table, whose items come as {@code Long}, {@code byte[]}, null, or a list of such; a
     * single value is a list of one.
     */
    CompletionStage<List<Object>> eval(Script script, List<String> keys, List<byte[]> arguments);

    /**
     * The entries of a stream that come after one, on a connection of its own: waits for up to {@code wait} until there are
     * some, and is empty when none came.
     *
     * @param after the id of an entry, or {@code 0}
     * @param most how many at once
     * @param wait more than nothing; the deadline begins when it is over
     */
    CompletionStage<List<StreamEntry>> xread(String key, String after, int most, Duration wait);

    /** Sends a message to whoever listens on a channel now; how many did, in a cluster on that node. */
    CompletionStage<Long> publish(String channel, byte[] message);

    /**
     * Listens on a channel from now on; a second listener takes the place of the first. Messages that are sent while there is
     * no connection are lost.
     *
     * @param listener is called on a thread of this client, one message after another, and should be quick
     */
    void subscribe(String channel, Consumer<byte[]> listener);

    /** The clock of the server that holds {@code key}: microseconds since 1970. */
    CompletionStage<Long> time(String key);
}
