package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.OutlierDetector;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Interim;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An upstream on one real loop, driven from a test's own thread. */
final class Rig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** All that came of a request. */
    record Result(
            @Nullable Response response,
            String body,
            Headers trailers,
            @Nullable Failure failure,
            @Nullable Failure bodyFailure,
            List<String> interims,
            Exchange exchange) {
        /** The failure there must be. */
        Failure failed() {
            return Objects.requireNonNull(failure);
        }

        /** How the body must have broken off. */
        Failure brokeOff() {
            return Objects.requireNonNull(bodyFailure);
        }

        /** The response there must be. */
        Response answer() {
            return Objects.requireNonNull(response);
        }

        int status() {
            return failure != null ? failure.kind().status() : response == null ? 0 : response.status();
        }
    }

    final Loops loops;
    final NettyLoop loop;
    final Upstream upstream;
    final News news = new News();

    /** What was told of the servers. */
    static final class News {
        private final List<String> all = new CopyOnWriteArrayList<>();

        void add(String upstream, String server, Standing standing, String why) {
            all.add(standing + ": " + why);
        }

        List<String> all() {
            return all;
        }
    }

    /** What an upstream is made of. */
    record Group(UpstreamSettings settings, List<UpstreamSettings.ServerSettings> servers) {
        Group with(UnaryOperator<UpstreamSettings> change) {
            return new Group(change.apply(settings), servers);
        }
    }

    Rig(Group group) {
        this(group, Transport.pick(null));
    }

    Rig(Group group, Transport transport) {
        loops = new Loops(transport, 1);
        loop = loops.all().get(0);
        Random random = new Random(5);
        upstream = new Upstream(group.settings, group.servers, loops, random::nextInt, news::add);
    }

    static Group settings(SocketAddress... servers) {
        List<UpstreamSettings.ServerSettings> all = new ArrayList<>();
        for (SocketAddress server : servers) {
            String name = server instanceof InetSocketAddress inet
                    ? inet.getHostString() + ":" + inet.getPort()
                    : "unix:" + server;
            all.add(new UpstreamSettings.ServerSettings(Endpoint.of(name), server));
        }
        return new Group(settings(), all);
    }

    static UpstreamSettings settings() {
        return new UpstreamSettings(
                "app",
                UpstreamSettings.Balancing.of(UpstreamSettings.Policy.ROUND_ROBIN),
                new UpstreamSettings.Pool(
                        64, 64, Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new UpstreamSettings.Timeouts(
                        Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofMillis(700), Duration.ofSeconds(10)),
                UpstreamSettings.Care.of(new OutlierDetector(3, Duration.ofMillis(300), Duration.ofSeconds(2))),
                UpstreamSettings.Responses.DEFAULT);
    }

    static Group with(Group group, UpstreamSettings.Pool pool) {
        return group.with(s ->
                new UpstreamSettings(s.name(), s.balancing(), pool, s.timeouts(), s.care(), s.responses(), s.access()));
    }

    static Group with(Group group, UpstreamSettings.Timeouts timeouts) {
        return group.with(s ->
                new UpstreamSettings(s.name(), s.balancing(), s.pool(), timeouts, s.care(), s.responses(), s.access()));
    }

    static Group with(Group group, UpstreamSettings.Responses responses) {
        return group.with(s ->
                new UpstreamSettings(s.name(), s.balancing(), s.pool(), s.timeouts(), s.care(), responses, s.access()));
    }

    static Group with(Group group, UpstreamSettings.Care care) {
        return group.with(s ->
                new UpstreamSettings(s.name(), s.balancing(), s.pool(), s.timeouts(), care, s.responses(), s.access()));
    }

    static Group with(Group group, Access access) {
        return group.with(s ->
                new UpstreamSettings(s.name(), s.balancing(), s.pool(), s.timeouts(), s.care(), s.responses(), access));
    }

    static Request request(String method, String path, Body body) {
        return new Request(method, Target.of("http", "a.example", path), Headers.of("Host", "a.example"), body);
    }

    static Request get(String path) {
        return request("GET", path, Body.none());
    }

    static Request post(String path, String body) {
        return request("POST", path, new Body.Whole(Bytes.utf8(body)));
    }

    Exchange exchange(Interim interim) {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 1), "127.0.0.1", "web", 80);
        return Exchange.begin(new RequestId(1), loop, client, interim);
    }

    /** Sends a request, reads its response to the end, and waits for both. */
    Result ask(Request request) throws Exception {
        return begin(upstream, request).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    Result ask(Handler handler, Request request) throws Exception {
        return begin(handler, request).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    CompletableFuture<Result> begin(Handler handler, Request request) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        loop.execute(() -> {
            List<String> interims = new ArrayList<>();
            Exchange exchange = exchange((status, headers) -> interims.add(status + " " + headers));
            handler.handle(request, exchange).whenComplete((response, cause) -> {
                if (cause != null) {
                    Failure failure = Failure.of(cause);
                    result.complete(new Result(null, "", Headers.EMPTY, failure, null, interims, exchange));
                } else {
                    collect(response, interims, exchange, result);
                }
            });
        });
        return result;
    }

    private static void collect(
            Response response, List<String> interims, Exchange exchange, CompletableFuture<Result> result) {
        if (response.body() instanceof Body.Live live) {
            new Pump(live.source(), new Collecting(response, interims, exchange, result)).resume();
        } else if (response.body() instanceof Body.Whole whole) {
            String text = whole.bytes().toUtf8();
            result.complete(new Result(response, text, Headers.EMPTY, null, null, interims, exchange));
        }
    }

    private record Collecting(
            Response response,
            List<String> interims,
            Exchange exchange,
            CompletableFuture<Result> result,
            StringBuilder text)
            implements Pump.Taker {
        Collecting(Response response, List<String> interims, Exchange exchange, CompletableFuture<Result> result) {
            this(response, interims, exchange, result, new StringBuilder());
        }

        @Override
        public boolean chunk(Bytes bytes) {
            text.append(bytes.toUtf8());
            return true;
        }

        @Override
        public void end(Headers trailers) {
            result.complete(new Result(response, text.toString(), trailers, null, null, interims, exchange));
        }

        @Override
        public void failed(Throwable cause) {
            Failure why = Failure.of(cause);
            result.complete(new Result(response, text.toString(), Headers.EMPTY, null, why, interims, exchange));
        }
    }

    /** Runs something on the loop and waits for it. */
    <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    ServerStats stats() {
        return upstream.stats(loop.nanos()).get(0);
    }

    /** Lets the loop live for a moment. */
    void tick() throws Exception {
        CompletableFuture<Void> tick = new CompletableFuture<>();
        loop.schedule(Duration.ofMillis(5), () -> tick.complete(null));
        tick.get(5, TimeUnit.SECONDS);
    }

    /** Waits until the state of the first server is as wanted, as the loop sees it between its events. */
    ServerStats await(Predicate<ServerStats> wanted) throws Exception {
        long end = loop.nanos() + PATIENCE.toNanos();
        ServerStats seen = onLoop(this::stats);
        while (!wanted.test(seen)) {
            if (loop.nanos() > end) {
                throw new AssertionError("it stays at " + seen);
            }
            tick();
            seen = onLoop(this::stats);
        }
        return seen;
    }

    @Override
    public void close() {
        upstream.retire();
        loops.close(Duration.ofSeconds(5)).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
