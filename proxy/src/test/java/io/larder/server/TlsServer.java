package io.larder.server;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;
import io.larder.netty.Loops;
import io.larder.netty.TlsEngine;
import io.larder.netty.Transport;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.Serving;
import io.larder.server.tls.ListenerTls;
import io.larder.server.tls.Termination;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A listener on a loopback port that speaks TLS, with a handler of the test's, and how its handshakes went. */
final class TlsServer implements AutoCloseable {
    private static final String ALPN = "http/1.1";

    final Map<String, Long> handshakes = new ConcurrentHashMap<>(); // by version, or by why they failed
    final BlockingQueue<Telemetry.Turned> turned = new LinkedBlockingQueue<>();
    final Loops loops = new Loops(Transport.pick(null), 2);
    final Listener listener;

    TlsServer(Handler handler, TlsEngine engine, ListenerTls material) throws BindFailure {
        this(handler, engine, material, TestServer.timeouts(20_000), 1000);
    }

    TlsServer(
            Handler handler,
            TlsEngine engine,
            ListenerTls material,
            ListenerSettings.Timeouts timeouts,
            int connections)
            throws BindFailure {
        this(handler, engine, material, timeouts, connections, ListenerSettings.Entrance.OPEN);
    }

    TlsServer(
            Handler handler,
            TlsEngine engine,
            ListenerTls material,
            ListenerSettings.Timeouts timeouts,
            int connections,
            ListenerSettings.Entrance entrance)
            throws BindFailure {
        AtomicLong ids = new AtomicLong(1);
        Serving serving = new Serving(() -> handler, telemetry(), () -> new RequestId(ids.getAndIncrement()));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.listener = Listener.open(
                anyPort, settings(engine, material, timeouts, connections, entrance), loops, loop -> serving);
    }

    private static ListenerSettings settings(
            TlsEngine engine,
            ListenerTls material,
            ListenerSettings.Timeouts timeouts,
            int connections,
            ListenerSettings.Entrance entrance) {
        Termination tls = Termination.of(material, engine, RandomGenerator.getDefault(), System.nanoTime());
        return new ListenerSettings(
                "secure",
                TestServer.HEAD,
                connections,
                1L << 40,
                timeouts,
                entrance,
                ListenerSettings.Protocols.ALL,
                tls);
    }

    /** TLS with these certificates. */
    static ListenerTls material(X509Bundle... certificates) {
        return material(ListenerTls.Version.TLS_1_2, null, certificates);
    }

    /** The same, and HTTP/2 is agreed on with who offers it. */
    static ListenerTls withHttp2(X509Bundle... certificates) {
        ListenerTls one = material(certificates);
        return new ListenerTls(one.identities(), one.least(), null, List.of(Negotiation.HTTP_2, ALPN));
    }

    static ListenerTls material(ListenerTls.Version least, @Nullable String clientCa, X509Bundle... certificates) {
        List<ListenerTls.Identity> identities = Stream.of(certificates)
                .map(each -> new ListenerTls.Identity(each.getCertificatePathPEM(), each.getPrivateKeyPEM(), null))
                .toList();
        return new ListenerTls(identities, least, clientCa, List.of(ALPN));
    }

    private Telemetry telemetry() {
        return new Telemetry() {
            @Override
            public void finished(Exchange exchange, Request request, Outcome outcome) {}

            @Override
            public void turnedAway(Turned why) {
                turned.add(why);
            }

            @Override
            public void shaken(Client client, String version) {
                handshakes.merge(version, 1L, Long::sum);
            }

            @Override
            public void unshaken(Client client, String reason) {
                handshakes.merge(reason, 1L, Long::sum);
            }
        };
    }

    long counted(String word) {
        return handshakes.getOrDefault(word, 0L);
    }

    InetSocketAddress address() {
        return listener.address();
    }

    /** A client that speaks HTTP over TLS. */
    RawClient connect(SSLContext context, @Nullable String name) throws IOException {
        return new RawClient(Pki.connect(context, address(), name));
    }

    @Override
    public void close() {
        try {
            listener.drain(Duration.ZERO).toCompletableFuture().get(20, TimeUnit.SECONDS);
            loops.close(Duration.ofSeconds(5)).await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the server did not end", e);
        }
    }
}
