package io.larder.server;

import io.larder.exchange.Handler;
import io.larder.netty.Loops;
import io.larder.netty.TlsEngine;
import io.larder.netty.Transport;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.tls.ListenerTls;
import io.larder.server.tls.Termination;
import io.larder.testing.Http3Client;
import io.larder.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A listener that speaks HTTP/3 beside the others, with an authority whose certificate for localhost it shows. */
final class Http3Server implements AutoCloseable {
    final X509Bundle authority;
    final TestServer server;

    /** What a listener is to be like; a value. */
    record Like(
            long body,
            int connections,
            int perClient,
            ListenerSettings.Timeouts timeouts,
            Transport transport,
            int loops) {
        static final Like USUAL =
                new Like(TestServer.BODY, 100, Integer.MAX_VALUE, TestServer.timeouts(20_000), Transport.pick(null), 1);

        Like within(ListenerSettings.Timeouts other) {
            return new Like(body, connections, perClient, other, transport, loops);
        }

        Like withBody(long other) {
            return new Like(other, connections, perClient, timeouts, transport, loops);
        }

        Like withRoom(int forAll, int forEach) {
            return new Like(body, forAll, forEach, timeouts, transport, loops);
        }

        Like on(Transport other) {
            return new Like(body, connections, perClient, timeouts, other, loops);
        }

        ListenerSettings with(ListenerTls material) {
            Termination tls =
                    Termination.of(material, TlsEngine.OPENSSL, RandomGenerator.getDefault(), System.nanoTime());
            return new ListenerSettings(
                    "secure",
                    TestServer.HEAD,
                    connections,
                    body,
                    timeouts,
                    new ListenerSettings.Entrance(false, perClient),
                    new ListenerSettings.Protocols(true, true, true),
                    tls);
        }
    }

    Http3Server(Handler handler) throws Exception {
        this(handler, Like.USUAL);
    }

    Http3Server(Handler handler, Like like) throws Exception {
        this(handler, like, Pki.authority("authority"), null);
    }

    Http3Server(Handler handler, Like like, X509Bundle authority, @Nullable String clientCa) throws Exception {
        this.authority = authority;
        ListenerTls material = material(clientCa, Pki.server(authority, "localhost"));
        this.server = new TestServer(handler, like.with(material), new Loops(like.transport(), like.loops()));
    }

    /** TLS for HTTP/3 and the others, with these certificates. */
    static ListenerTls material(@Nullable String clientCa, X509Bundle... certificates) {
        List<ListenerTls.Identity> identities = Stream.of(certificates)
                .map(each -> new ListenerTls.Identity(each.getCertificatePathPEM(), each.getPrivateKeyPEM(), null))
                .toList();
        return new ListenerTls(identities, ListenerTls.Version.TLS_1_2, clientCa, List.of("h3", "h2", "http/1.1"));
    }

    /** Runs {@code task} on the loop that the listener has its first client on. */
    void onLoop(Runnable task) {
        server.loops.all().getFirst().execute(task);
    }

    Http3Client.Way way() {
        return Http3Client.Way.trusting(authority);
    }

    Http3Client connect() throws Exception {
        return connect(way());
    }

    Http3Client connect(Http3Client.Way way) throws Exception {
        return new Http3Client(server.listener.address(), way);
    }

    @Override
    public void close() {
        server.close();
    }
}
