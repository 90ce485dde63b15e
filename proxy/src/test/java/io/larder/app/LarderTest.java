package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.netty.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Starting and stopping a whole gateway, on real ports. */
class LarderTest {
    @TempDir
    private Path dir;

    private LarderConfig config(int port, String more) throws IOException {
        Path file = Files.writeString(dir.resolve("larder.yaml"), """
                listeners: { one: { bind: "127.0.0.1:0" }, two: { bind: "127.0.0.1:%d" } }
                admin: { bind: "127.0.0.1:0" }
                upstreams: { app: { servers: ["127.0.0.1:9"] } }
                sites: { default: { upstream: app } }
                log: { access: { format: off }%s }
                shutdown: { drain: 1s }
                """.formatted(port, more));
        return switch (ConfigLoader.load(file, name -> null)) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new AssertionError(bad.problems().toString());
        };
    }

    private static Larder start(LarderConfig config) {
        Platform platform = new Platform("test", Transport.NIO, 2, InstantSource.system(), new SharedRandom());
        return Larder.start(config, platform);
    }

    private static void awaitEnd(Larder larder) {
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                larder.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(ended.orTimeout(20, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void stopsOnceHoweverOftenItIsTold() throws Exception {
        Larder larder = start(config(0, ""));
        try (Socket idle = new Socket(
                InetAddress.getLoopbackAddress(),
                Objects.requireNonNull(larder.addresses().get("one")).getPort())) {
            assertThat(idle.isConnected()).isTrue();
            larder.stop();
            larder.stop();
            awaitEnd(larder);
        }
        larder.stop();
        awaitEnd(larder);
    }

    @Test
    void aPortInUseLeavesNothingRunning() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LarderConfig config = config(taken.getLocalPort(), "");
            assertThatThrownBy(() -> start(config))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("listener 'two'");
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(Thread::isAlive)
                .noneMatch(thread -> thread.getName().startsWith("larder-maintenance"));
    }

    @Test
    void theLogLevelIsTheConfigurationsOwn() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        try {
            Larder larder = start(config(0, ", level: error"));
            assertThat(root.getLevel()).isEqualTo(Level.ERROR);
            larder.stop();
            awaitEnd(larder);
        } finally {
            root.setLevel(before);
        }
    }
}
