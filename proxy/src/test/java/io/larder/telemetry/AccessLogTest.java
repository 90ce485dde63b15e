package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.larder.exchange.Telemetry;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AccessLogTest {
    private static final Telemetry.Outcome OK = Exchanges.outcome(200, 5, Duration.ofMillis(1));

    private final ManualLoop loop = new ManualLoop();

    /** Hands on what is written; blocks or fails when told to. */
    private static final class Wire implements LogTarget {
        final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<String> reopened = new LinkedBlockingQueue<>();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch unblock;
        final LinkedBlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

        Wire(boolean blocked) {
            unblock = new CountDownLatch(blocked ? 1 : 0);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            entered.countDown();
            try {
                unblock.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            IOException failure = failures.poll();
            if (failure != null) {
                written.add("!");
                throw failure;
            }
            written.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
        }

        @Override
        public void reopen() {
            reopened.add("reopened");
        }

        @Override
        public void close() {
            written.add("closed");
        }
    }

    private void log(Telemetry lane, long id, String path) {
        lane.finished(Exchanges.of(loop, id), Request.get(Target.of("http", "a.example", path), Headers.EMPTY), OK);
    }

    @Test
    void linesArriveWithoutBeingAskedFor() throws Exception {
        Wire wire = new Wire(false);
        try (AccessLog log = new AccessLog(AccessLog.Format.COMBINED, 1, wire)) {
            log(log.lane(), 1, "/a");
            assertThat(wire.written.poll(10, TimeUnit.SECONDS)).contains("\"GET /a HTTP/1.1\" 200 5");
        }
        assertThat(wire.written).containsExactly("closed");
    }

    @Test
    void closingWritesWhatIsLeft() {
        Wire wire = new Wire(false);
        AccessLog log = new AccessLog(AccessLog.Format.COMBINED, 1, wire);
        Telemetry one = log.lane();
        Telemetry two = log.lane();
        for (int i = 0; i < 100; i++) {
            log(i % 2 == 0 ? one : two, i, "/" + i);
        }
        log.close();
        assertThat(String.join("", wire.written).lines().filter(l -> l.contains("GET /")))
                .hasSize(100);
        assertThat(log.dropped()).isZero();
    }

    @Test
    void aTargetThatHangsCostsLinesAndIsCounted() throws Exception {
        Wire wire = new Wire(true);
        AccessLog log = new AccessLog(AccessLog.Format.JSON, 1, wire);
        Telemetry lane = log.lane();
        log(lane, 1, "/first");
        wire.entered.await();
        String path = "/" + "x".repeat(1000);
        for (int i = 0; i < 3000; i++) {
            log(lane, i, path);
        }
        long dropped = log.dropped();
        assertThat(dropped).isBetween(1800L, 2999L);
        wire.unblock.countDown();
        log.close();
        assertThat(String.join("", wire.written).lines().filter(l -> l.startsWith("{\"time\"") && l.endsWith("}")))
                .hasSize((int) (3001 - dropped));
        assertThat(log.dropped()).isEqualTo(dropped);
    }

    @Test
    void aFullDiskLosesLinesAndTheLogComesBack() throws Exception {
        Wire wire = new Wire(false);
        wire.failures.add(new IOException("No space left on device"));
        try (AccessLog log = new AccessLog(AccessLog.Format.COMBINED, 1, wire)) {
            Telemetry lane = log.lane();
            log(lane, 1, "/lost");
            assertThat(wire.written.poll(10, TimeUnit.SECONDS)).isEqualTo("!");
            log(lane, 2, "/kept");
            assertThat(wire.written.poll(10, TimeUnit.SECONDS)).isEqualTo("\n");
            assertThat(wire.written.poll(10, TimeUnit.SECONDS))
                    .contains("/kept")
                    .doesNotContain("/lost");
            assertThat(log.dropped()).isEqualTo(1);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void devFullIsSuchADisk() throws Exception {
        Path full = Path.of("/dev/full");
        AccessLog log = AccessLog.open(AccessLog.Format.JSON, new AccessLog.Destination.ToFile(full), 1);
        Telemetry lane = log.lane();
        log(lane, 1, "/a");
        log(lane, 2, "/b");
        log.close();
        assertThat(log.dropped()).isEqualTo(2);
    }

    @Test
    void rotation(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("access.log");
        Path old = dir.resolve("access.log.1");
        AccessLog log = AccessLog.open(AccessLog.Format.COMBINED, new AccessLog.Destination.ToFile(file), 1);
        Telemetry lane = log.lane();
        log(lane, 1, "/before");
        Files.move(file, old);
        log.reopen();
        while (!Files.exists(file)) {
            Thread.onSpinWait();
        }
        log(lane, 2, "/after");
        log.close();
        assertThat(Files.readString(old)).contains("/before").doesNotContain("/after");
        assertThat(Files.readString(file)).contains("/after").doesNotContain("/before");
    }

    @Test
    void aFileIsAppendedTo(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("access.log");
        Files.writeString(file, "earlier\n");
        AccessLog log = AccessLog.open(AccessLog.Format.COMBINED, new AccessLog.Destination.ToFile(file), 1);
        log(log.lane(), 1, "/a");
        log.close();
        assertThat(Files.readString(file)).startsWith("earlier\n192.0.2.7");
    }

    @Test
    void sampling() {
        Wire wire = new Wire(false);
        AccessLog log = new AccessLog(AccessLog.Format.COMBINED, 0.1, wire);
        Telemetry lane = log.lane();
        for (int i = 0; i < 5000; i++) {
            log(lane, i, "/" + i);
        }
        log.close();
        assertThat(String.join("", wire.written)
                        .lines()
                        .filter(l -> l.contains("GET /"))
                        .count())
                .isBetween(400L, 600L);
    }

    @Test
    void off() {
        AccessLog log = AccessLog.off();
        log(log.lane(), 1, "/a");
        log.close();
        assertThat(log.dropped()).isZero();
        assertThat(log.lane()).isSameAs(Telemetry.NONE);
    }

    @Test
    void aRingKeepsLinesWholeAcrossItsEnd() throws Exception {
        LogRing ring = new LogRing(64);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String line = "x".repeat(i % 50) + i + "\n";
            ring.offer(line.getBytes(StandardCharsets.US_ASCII), line.length());
            expected.append(line);
            ring.drain(ring.end(), new StreamTarget(out));
        }
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(expected.toString());
        assertThat(ring.dropped()).isZero();
    }
}
