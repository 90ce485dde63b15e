package io.larder.store.redis;

import io.larder.exchange.Shared;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Redis through Lettuce, from the first connection to the last: one for commands, one that waits on streams and one for
 * messages, the latter two only when they are asked for. There need be no server when it begins, nor later: while there is no
 * connection every command fails at once, and nothing is queued for later.
 */
@Shared
public final class RedisLink implements Redis, AutoCloseable {
    private static final Script TIME = Script.of("return redis.call('TIME')");

    /** Is told how it goes, by any thread. */
    public interface Reports {
        /** There is a connection. */
        void up();

        /** There is none, or none any more; told once for each reason until {@link #up} again. */
        void down(RedisFailure why);
    }

    /** A command, put to Lettuce. */
    @FunctionalInterface
    private interface Command<R> extends Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<R>> {}

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, RedisLink::daemon, new ThreadPoolExecutor.DiscardPolicy());
    private final Dialler dialler;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final Line<StatefulConnection<String, byte[]>> commands;
    private final Line<StatefulConnection<String, byte[]>> streams;
    private final News news;

    /**
     * Begins to connect, in the background.
     *
     * @param nanos a clock that goes on evenly
     * @param chance from 0 to 1
     */
    public RedisLink(RedisSettings settings, LongSupplier nanos, DoubleSupplier chance, Reports reports) {
        this.dialler = Dialler.of(settings);
        this.timeout = settings.timeout();
        this.nanos = nanos;
        timer.setRemoveOnCancelPolicy(true);
        IntFunction<Duration> pause = failures -> Lettuce.BACKOFF.pause(failures + 1, chance.getAsDouble());
        this.commands = new Line<>(dialler::commands, dialler.ends(), pause, timer, new Told(new Outage(reports)));
        this.streams = new Line<>(dialler::commands, dialler.ends(), pause, timer, new Untold());
        this.news = new News(listener -> new Line<>(dialler::news, dialler.ends(), pause, timer, listener));
        commands.start();
    }

    /** Runs a task later, on a thread of this client; never once it is closed. */
    public void later(Runnable task, Duration delay) {
        timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether there is a connection for commands. */
    public boolean isUp() {
        return commands.session() != null;
    }

    /** How many commands wait for an answer, about. */
    public int waiting() {
        return timer.getQueue().size();
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String key) {
        return ask(redis -> redis.get(key), Optional::ofNullable);
    }

    @Override
    public CompletionStage<List<Optional<byte[]>>> mget(List<String> keys) {
        return ask(redis -> redis.mget(names(keys)), RedisLink::values);
    }

    @Override
    public CompletionStage<Void> set(String key, byte[] value, Duration life) {
        return ask(redis -> redis.set(key, value, SetArgs.Builder.px(life)), RedisLink::nothing);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> hgetall(String key) {
        return ask(redis -> redis.hgetall(key), Function.identity());
    }

    /** Answers come in the order of the questions: when the last is there, the others are. */
    @Override
    public CompletionStage<Surveyed> survey(String key, List<String> beside) {
        List<RedisFuture<Long>> lives = new ArrayList<>(beside.size());
        Command<Map<String, byte[]>> all = redis -> {
            beside.forEach(other -> lives.add(redis.pttl(other)));
            return redis.hgetall(key);
        };
        return ask(
                all,
                fields ->
                        new Surveyed(fields, lives.stream().map(RedisLink::life).toList()));
    }

    @Override
    public CompletionStage<Void> hset(String key, Map<String, byte[]> fields) {
        return ask(redis -> redis.hset(key, fields), RedisLink::nothing);
    }

    @Override
    public CompletionStage<Boolean> pexpire(String key, Duration life) {
        return ask(redis -> redis.pexpire(key, life), Function.identity());
    }

    @Override
    public CompletionStage<Long> unlink(List<String> keys) {
        return ask(redis -> redis.unlink(names(keys)), Function.identity());
    }

    /** By its digest; whole where the server does not know it, which it then does. */
    @Override
    public CompletionStage<List<Object>> eval(Script script, List<String> keys, List<byte[]> arguments) {
        return eval(script, keys, arguments, Function.identity());
    }

    private <T> CompletionStage<T> eval(
            Script script, List<String> keys, List<byte[]> arguments, Function<List<Object>, T> meaning) {
        byte[][] values = arguments.toArray(byte[][]::new);
        Command<List<Object>> whole = redis -> redis.eval(script.text(), ScriptOutputType.MULTI, names(keys), values);
        CompletableFuture<T> answer = new CompletableFuture<>();
        ask(redis -> redis.<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, names(keys), values), meaning)
                .whenComplete((value, failure) -> {
                    if (failure instanceof RedisFailure refused && refused.isOfUnknownScript()) {
                        ask(whole, meaning).whenComplete((late, again) -> settle(answer, late, again));
                    } else {
                        settle(answer, value, failure);
                    }
                });
        return answer;
    }

    @Override
    @SuppressWarnings("unchecked") // an array of one generic type
    public CompletionStage<List<StreamEntry>> xread(String key, String after, int most, Duration wait) {
        XReadArgs how = XReadArgs.Builder.block(wait).count(most);
        return ask(
                streams,
                wait.plus(timeout),
                redis -> redis.xread(how, StreamOffset.from(key, after)),
                RedisLink::entries);
    }

    @Override
    public CompletionStage<Long> publish(String channel, byte[] message) {
        return ask(redis -> redis.publish(channel, message), Function.identity());
    }

    @Override
    public void subscribe(String channel, Consumer<byte[]> listener) {
        news.subscribe(channel, listener);
    }

    @Override
    public CompletionStage<Long> time(String key) {
        return eval(TIME, List.of(key), List.of(), RedisLink::microseconds);
    }

    /** Ends every connection and every thread, within seconds. Returns at once; what is still asked fails. */
    @Override
    public void close() {
        CompletableFuture<?>[] over = Stream.of(commands.close(), streams.close(), news.close())
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new);
        timer.shutdownNow();
        CompletableFuture.allOf(over)
                .orTimeout(Lettuce.LAST.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> dialler.close());
    }

    private <R, T> CompletionStage<T> ask(Command<R> command, Function<R, T> meaning) {
        return ask(commands, timeout, command, meaning);
    }

    private <R, T> CompletionStage<T> ask(
            Line<StatefulConnection<String, byte[]>> line, Duration time, Command<R> command, Function<R, T> meaning) {
        Session<StatefulConnection<String, byte[]>> session = line.session();
        if (session == null) {
            return CompletableFuture.failedFuture(new RedisFailure(RedisFailure.Kind.DOWN, "there is no connection"));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            RedisFuture<R> reply = command.apply(Dialler.asking(session.connection()));
            ScheduledFuture<?> alarm =
                    timer.schedule(() -> late(line, session, answer), time.toNanos(), TimeUnit.NANOSECONDS);
            reply.whenComplete((value, failure) -> {
                alarm.cancel(false);
                settle(answer, line, session, value, failure, meaning);
            });
        } catch (RuntimeException e) {
            fail(answer, line, session, e); // there is no room for one more
        }
        return answer;
    }

    /** The reply is still awaited, behind the caller's back: when it comes after all, the server is slow and not gone. */
    private void late(
            Line<StatefulConnection<String, byte[]>> line,
            Session<StatefulConnection<String, byte[]>> session,
            CompletableFuture<?> answer) {
        RedisFailure late = new RedisFailure(RedisFailure.Kind.TIMEOUT, "no answer in time");
        if (answer.completeExceptionally(late) && session.missed(nanos.getAsLong())) {
            line.drop(session, late);
        }
    }

    private <R, T> void settle(
            CompletableFuture<T> answer,
            Line<StatefulConnection<String, byte[]>> line,
            Session<StatefulConnection<String, byte[]>> session,
            R value,
            @Nullable Throwable cause,
            Function<R, T> meaning) {
        if (cause == null) {
            session.answered();
            complete(answer, value, meaning);
        } else {
            fail(answer, line, session, cause);
        }
    }

    private void fail(
            CompletableFuture<?> answer,
            Line<StatefulConnection<String, byte[]>> line,
            Session<StatefulConnection<String, byte[]>> session,
            Throwable cause) {
        RedisFailure failure = RedisFailure.of(cause);
        if (failure.kind() == RedisFailure.Kind.REFUSED) {
            session.answered();
        }
        answer.completeExceptionally(failure);
        boolean stuck = failure.kind() == RedisFailure.Kind.BUSY && session.missed(nanos.getAsLong());
        if (stuck || failure.isOfDemoted()) {
            line.drop(session, failure); // the sentinels know who is the primary now
        }
    }

    private static <R, T> void complete(CompletableFuture<T> answer, R value, Function<R, T> meaning) {
        try {
            answer.complete(meaning.apply(value));
        } catch (RuntimeException e) {
            answer.completeExceptionally(new RedisFailure(RedisFailure.Kind.REFUSED, "not understood: " + e));
        }
    }

    private static <T> void settle(CompletableFuture<T> answer, T value, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private static String[] names(List<String> keys) {
        return keys.toArray(String[]::new);
    }

    private static List<Optional<byte[]>> values(List<KeyValue<String, byte[]>> pairs) {
        return pairs.stream().map(KeyValue::optional).toList();
    }

    private static List<StreamEntry> entries(List<StreamMessage<String, byte[]>> messages) {
        return messages.stream()
                .map(message -> new StreamEntry(message.getId(), message.getBody()))
                .toList();
    }

    /** In a cluster a key beside may be asked for on another connection, in the middle of a change: then it is not there. */
    private static Duration life(RedisFuture<Long> millis) {
        CompletableFuture<Long> answer = millis.toCompletableFuture();
        boolean known = answer.isDone() && !answer.isCompletedExceptionally();
        return Duration.ofMillis(known ? Math.max(0, answer.join()) : 0);
    }

    /** TIME answers with seconds and microseconds, as texts. */
    private static long microseconds(List<Object> answer) {
        return 1_000_000 * number(answer.get(0)) + number(answer.get(1));
    }

    private static long number(Object digits) {
        return Long.parseLong(new String((byte[]) digits, StandardCharsets.US_ASCII));
    }

    @SuppressWarnings("NullAway") // the one value that Void has
    private static Void nothing(Object answer) {
        return null;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "larder-redis-timer");
        thread.setDaemon(true);
        return thread;
    }

    /** The connection for commands speaks for all: when it is lost the others are made anew, too, where it now leads. */
    private final class Told implements Line.Events<StatefulConnection<String, byte[]>> {
        private final Outage outage;

        Told(Outage outage) {
            this.outage = outage;
        }

        @Override
        public void up(StatefulConnection<String, byte[]> connection) {
            outage.over();
        }

        @Override
        public void down(RedisFailure why) {
            outage.because(why);
            streams.drop(why);
            news.drop(why);
        }
    }

    private static final class Untold implements Line.Events<StatefulConnection<String, byte[]>> {
        @Override
        public void up(StatefulConnection<String, byte[]> connection) {}

        @Override
        public void down(RedisFailure why) {}
    }
}
