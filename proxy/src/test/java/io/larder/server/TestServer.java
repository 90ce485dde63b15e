package io.larder.server;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.HeadLimits;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.route.TrustedProxies;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.Serving;
import io.larder.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A listener on a loopback port with a handler of the test's, and everything that was told to telemetry. */
final class TestServer implements AutoCloseable {
    static final HeadLimits HEAD = new HeadLimits(1024, 1024, 4096, 20);
    static final long BODY = 100_000;

    /** One request that is over. */
    record Finished(Exchange exchange, Request request, Telemetry.Outcome outcome) {}

    /** One that never was. */
    record Rejected(int status, String reason) {}

    final BlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
    final BlockingQueue<Rejected> rejected = new LinkedBlockingQueue<>();
    final BlockingQueue<Telemetry.Turned> turned = new LinkedBlockingQueue<>();
    volatile TrustedProxies proxies = new TrustedProxies(List.of());
    final BlockingQueue<String> floods = new LinkedBlockingQueue<>();
    final Loops loops;
    final Listener listener;

    TestServer(Handler handler) throws BindFailure {
        this(handler, settings(timeouts(10_000)));
    }

    TestServer(Handler handler, ListenerSettings settings) throws BindFailure {
        this(handler, settings, new Loops(Transport.pick(null), 1));
    }

    TestServer(Handler handler, ListenerSettings settings, Loops loops) throws BindFailure {
        this.loops = loops;
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AtomicLong ids = new AtomicLong(1);
        Serving serving =
                new Serving(() -> handler, telemetry(), () -> new RequestId(ids.getAndIncrement()), () -> proxies);
        this.listener = Listener.open(anyPort, settings, loops, loop -> serving);
    }

    static ListenerSettings settings(ListenerSettings.Timeouts timeouts) {
        return new ListenerSettings("test", HEAD, 100, BODY, timeouts);
    }

    static ListenerSettings.Timeouts timeouts(long allMillis) {
        Duration all = Duration.ofMillis(allMillis);
        return new ListenerSettings.Timeouts(all, all, all, all, all);
    }

    private Telemetry telemetry() {
        return new Telemetry() {
            @Override
            public void finished(Exchange exchange, Request request, Outcome outcome) {
                finished.add(new Finished(exchange, request, outcome));
            }

            @Override
            public void rejected(Client client, int status, String reason) {
                rejected.add(new Rejected(status, reason));
            }

            @Override
            public void turnedAway(Turned why) {
                turned.add(why);
            }

            @Override
            public void flooded(Client client, String protocol, String kind) {
                floods.add(kind);
            }
        };
    }

    RawClient connect() throws IOException {
        return new RawClient(listener.address());
    }

    Finished nextFinished() throws InterruptedException {
        return next(finished);
    }

    Rejected nextRejected() throws InterruptedException {
        return next(rejected);
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within 10 s");
        }
        return next;
    }

    static CompletionStage<Response> answer(int status, Body body) {
        return CompletableFuture.completedFuture(Response.of(status, Headers.EMPTY, body));
    }

    static CompletionStage<Response> text(String text) {
        return answer(200, new Body.Whole(Bytes.utf8(text)));
    }

    @Override
    public void close() {
        try {
            listener.drain(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
            loops.close(Duration.ofSeconds(5)).await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the server did not end", e);
        }
    }
}
