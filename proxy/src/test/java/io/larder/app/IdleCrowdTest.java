package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.larder.testing.FrameWire;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many who come over TLS and then say nothing. Both ends are in this process, so that each takes two file descriptors:
 * {@code -Dlarder.idle=9000} is what 20,000 of those allow.
 */
class IdleCrowdTest {
    private static final int CROWD = Integer.getInteger("larder.idle", 500);
    private static final int OTHER_DESCRIPTORS = 500;
    private static final long MOST_A_CONNECTION = 64 * 1024;

    @TempDir
    Path directory;

    @Test
    void aVisitorIsServedBesideThem() throws Exception {
        assertThat(descriptors()).as("file descriptors (ulimit -n)").isGreaterThan(2L * CROWD + OTHER_DESCRIPTORS);
        X509Bundle authority = Pki.authority("The tests");
        Pki.write(directory, "shop", Pki.server(authority, "shop.test"));
        SSLContext believer = Pki.trusting(authority, null);
        List<Socket> crowd = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "page")));
                Running running = Running.start(directory, origin, 2, """
                        listeners:
                          web:
                            bind: "127.0.0.1:0"
                            tls: { certificates: [{ cert: shop.crt, key: shop.key }] }
                            limits: { connections: 100000, idle-timeout: 10m }
                        """)) {
            visit(believer, running);
            long before = direct();
            for (int i = 0; i < CROWD; i++) {
                crowd.add(idle(believer, running, i));
            }
            assertThat(direct() - before)
                    .as("octets of direct memory that idle connections hold")
                    .isLessThan(CROWD * MOST_A_CONNECTION + (64 << 20));
            for (int i = 0; i < 20; i++) {
                visit(believer, running);
            }
            for (Socket each : crowd) {
                assertThat(isOpen(each)).isTrue();
            }
        } finally {
            for (Socket each : crowd) {
                each.close();
            }
        }
    }

    private static long descriptors() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
    }

    private static long direct() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    /** The socket below a connection on which TLS stands; some have asked for something before they fell silent. */
    private static Socket idle(SSLContext believer, Running running, int i) throws IOException {
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), running.port());
        raw.setSoTimeout(20_000);
        raw.setTcpNoDelay(true);
        SSLSocket secure =
                (SSLSocket) believer.getSocketFactory().createSocket(raw, "shop.test", running.port(), false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {i % 2 == 0 ? "h2" : "http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        if (i % 4 == 0) {
            FrameWire frames = FrameWire.greet(new RawClient(secure));
            frames.headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "shop.test", ":path", "/");
            frames.next(FrameWire.DATA);
        } else if (i % 4 == 1) {
            assertThat(new RawClient(secure).send(Running.get("/")).answer().body())
                    .isEqualTo("page");
        } else if (i % 2 == 0) {
            FrameWire.greet(new RawClient(secure)).any(); // the server's settings
        }
        return raw;
    }

    private static void visit(SSLContext believer, Running running) throws IOException {
        try (Socket visitor = idle(believer, running, 0);
                Socket other = idle(believer, running, 1)) {
            assertThat(visitor.isConnected() && other.isConnected()).isTrue();
        }
    }

    /** Whether the gateway has not ended it; what it has said before is passed over. */
    private static boolean isOpen(Socket raw) throws IOException {
        raw.setSoTimeout(1);
        byte[] some = new byte[1024];
        try {
            while (raw.getInputStream().read(some) >= 0) {
                // records that nobody has read: settings, tickets
            }
            return false;
        } catch (java.net.SocketTimeoutException silence) {
            return true;
        }
    }
}
