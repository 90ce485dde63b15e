package io.larder.upstream;

import static io.larder.testing.Eventually.eventually;
import static io.larder.upstream.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.http.Headers;
import io.larder.netty.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers in the Unix domain. */
class LocalSocketTest {
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    /** Answers every head it reads. */
    private static final class Server implements AutoCloseable {
        private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final List<String> heads = new CopyOnWriteArrayList<>();

        Server(Path path) throws IOException {
            listener.bind(UnixDomainSocketAddress.of(path));
            Thread thread = new Thread(this::serve, "local-origin");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (listener.isOpen()) {
                serveOne();
            }
        }

        private void serveOne() {
            try (SocketChannel channel = listener.accept()) {
                InputStream in = Channels.newInputStream(channel);
                StringBuilder head = new StringBuilder();
                for (int b = in.read(); b >= 0; b = in.read()) {
                    head.append((char) b);
                    if (head.indexOf("\r\n\r\n") > 0) {
                        heads.add(head.toString());
                        head.setLength(0);
                        channel.write(ByteBuffer.wrap(OK));
                    }
                }
            } catch (ClosedChannelException ended) {
                // the test is over
            } catch (IOException gone) {
                heads.add("broken: " + gone);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void speaksToAServerByItsPath(Transport transport) throws Exception {
        Path path = directory.resolve("app.sock");
        try (Server server = new Server(path);
                Rig rig = new Rig(Rig.settings(UnixDomainSocketAddress.of(path)), transport)) {
            assertThat(rig.ask(get("/a")).body()).isEqualTo("ok");
            assertThat(rig.ask(get("/b").withHeaders(Headers.EMPTY)).body()).isEqualTo("ok");
            assertThat(server.heads)
                    .containsExactly(
                            "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n", "GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    }

    @SuppressWarnings("try") // it is closed before its time
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void itsHealthIsChecked(Transport transport) throws Exception {
        Path path = directory.resolve("app.sock");
        try (Server server = new Server(path);
                Rig rig = new Rig(
                        Rig.with(Rig.settings(UnixDomainSocketAddress.of(path)), HealthCheckTest.care(0)), transport)) {
            eventually("three checks", () -> server.heads.size() > 2);
            assertThat(server.heads)
                    .allSatisfy(head -> assertThat(head).startsWith("GET /healthz?deep=1 HTTP/1.1\r\n"));
            assertThat(rig.news.all()).as("what was told").isEmpty();
            server.close();
            rig.await(stats -> stats.standing() == Standing.DOWN);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aPathWhereNobodyListensIsUnavailable(Transport transport) throws Exception {
        try (Rig rig = new Rig(Rig.settings(UnixDomainSocketAddress.of(directory.resolve("none.sock"))), transport)) {
            Failure failure = rig.ask(get("/")).failed();
            assertThat(failure.kind()).isIn(Failure.Kind.DESTINATION_UNAVAILABLE, Failure.Kind.CONNECTION_REFUSED);
            assertThat(failure.isUnsent()).isTrue();
        }
    }

    @Test
    void everyTransportKnowsBothKindsOfAddress() {
        UnixDomainSocketAddress local = UnixDomainSocketAddress.of("/run/app.sock");
        for (Transport transport : Transport.values()) {
            assertThat(transport.clientChannel(local).getSimpleName()).contains("Domain");
            assertThat(transport.addressed(local).toString()).contains("/run/app.sock");
        }
    }
}
