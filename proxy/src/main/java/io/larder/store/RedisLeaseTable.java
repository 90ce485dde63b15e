package io.larder.store;

import io.larder.exchange.Shared;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The leases in Redis: each is a key that dies by itself. Their ends are told on one channel. */
@Shared
final class RedisLeaseTable implements LeaseTable {
    /**
     * ARGV: a text, for how long, the text of a lease that may be taken over. Answers with nothing where the lease is taken;
     * else with the text of the one that there is, and how long it lasts.
     */
    private static final Script CLAIM = Script.of("""
            local held = redis.call('GET', KEYS[1])
            if held and held ~= ARGV[3] then return {held, redis.call('PTTL', KEYS[1])} end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return {}
            """);

    /** ARGV: its text, for how long from now. Answers with 1 where there is this lease still. */
    private static final Script RENEW = Script.of("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
            return {redis.call('PEXPIRE', KEYS[1], ARGV[2])}
            """);

    /** ARGV: its text, channel, message. The message is sent where there is this lease still. */
    private static final Script RELEASE = Script.of("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
            redis.call('DEL', KEYS[1])
            redis.call('PUBLISH', ARGV[2], ARGV[3])
            return {1}
            """);

    /** Answers with how long the lease lasts; with less than 0 where there is none. */
    private static final Script LEFT = Script.of("return {redis.call('PTTL', KEYS[1])}");

    private final GuardedRedis redis;
    private final String channel;

    /** @param namespace what all names begin with */
    RedisLeaseTable(GuardedRedis redis, String namespace) {
        this.redis = redis;
        this.channel = namespace + ":landed";
    }

    @Override
    public boolean isAsked() {
        return redis.isAsked();
    }

    @Override
    public CompletionStage<Optional<Held>> claim(Bid bid, Duration life, String outdated) {
        return redis.eval(CLAIM, List.of(bid.lease()), octets(bid.text(), life.toMillis(), outdated))
                .thenApply(answer -> answer.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Held(text(answer.get(0)), (long) answer.get(1))));
    }

    @Override
    public CompletionStage<Boolean> renew(Bid bid, Duration life) {
        return redis.eval(RENEW, List.of(bid.lease()), octets(bid.text(), life.toMillis()))
                .thenApply(answer -> answer.equals(List.of(1L)));
    }

    @Override
    public void release(Bid bid, Leases.Outcome outcome) {
        String message = new Landed(bid.lease(), outcome).written();
        redis.eval(RELEASE, List.of(bid.lease()), octets(bid.text(), channel, message));
    }

    @Override
    public CompletionStage<Long> left(String lease) {
        return redis.eval(LEFT, List.of(lease), List.of()).thenApply(answer -> (long) answer.get(0));
    }

    @Override
    public void listen(Consumer<Landed> listener) {
        redis.subscribe(channel, message -> listener.accept(Landed.read(text(message))));
    }

    private static List<byte[]> octets(Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> argument.toString().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String text(Object octets) {
        return new String((byte[]) octets, StandardCharsets.UTF_8);
    }
}
