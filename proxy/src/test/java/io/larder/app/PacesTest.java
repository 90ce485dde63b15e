package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large objects and clients of every pace, over real sockets. */
class PacesTest {
    private static final int BLOCK = 64 * 1024;
    private static final int BLOCKS = 192; // 12 MiB
    private static final int SMALL_BUFFER = 32 * 1024;
    private static final String RULES = "cache: { max-object: 2MiB }";

    @TempDir
    Path directory;

    private static byte[] block(int number) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) number);
        return block;
    }

    /** Sends the object, chunked, from the block that the request asks for. */
    private static void serve(ScriptedOrigin.Wire wire, List<String> ranges) throws IOException {
        String etag = "Cache-Control: max-age=600\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n";
        for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
            String lower = head.toLowerCase(Locale.ROOT);
            int at = lower.indexOf("\r\nrange: bytes=");
            long from = at < 0 ? 0 : Long.parseLong(lower.substring(at + 15, lower.indexOf("-\r\n", at)));
            if (at >= 0) {
                ranges.add(lower.substring(at + 2, lower.indexOf("\r\n", at + 2)));
            }
            String status = at < 0 ? "200 OK\r\n" : "206 Partial Content\r\n";
            String place = at < 0 ? "" : "Content-Range: bytes " + from + "-" + ((long) BLOCK * BLOCKS - 1) + "/*\r\n";
            wire.send("HTTP/1.1 " + status + etag + place + "\r\n");
            for (long offset = from; offset < (long) BLOCK * BLOCKS; ) {
                byte[] block = block((int) (offset / BLOCK));
                int skip = (int) (offset % BLOCK);
                wire.send(Integer.toHexString(BLOCK - skip) + "\r\n");
                wire.send(Arrays.copyOfRange(block, skip, BLOCK));
                wire.send("\r\n");
                offset += BLOCK - skip;
            }
            wire.send("0\r\n\r\n");
        }
    }

    private static void readAll(RawClient client) throws IOException {
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).hasSize(BLOCK * BLOCKS);
        byte[] octets = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < BLOCKS; i++) {
            assertThat(octets[i * BLOCK]).isEqualTo((byte) i);
            assertThat(octets[i * BLOCK + BLOCK - 1]).isEqualTo((byte) i);
        }
    }

    @Test
    void whoStopsReadingStopsNobodyAndStillGetsAllOfIt() throws Exception {
        List<String> ranges = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    begun.await();
                    serve(wire, ranges);
                });
                Running running = Running.start(directory, origin, 2, RULES)) {
            RawClient stopped = running.connect(SMALL_BUFFER).send(Running.get("/film"));
            RawClient second = running.connect(SMALL_BUFFER).send(Running.get("/film"));
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                crowd.add(running.connect().send(Running.get("/film")));
            }
            Running.await(
                    "all wait", () -> running.adminGet("/metrics").body().contains("larder_fetches_in_flight 1.0"));
            begun.countDown();
            List<Future<?>> read = new ArrayList<>();
            for (RawClient client : crowd) {
                read.add(readers.submit(() -> {
                    readAll(client);
                    return null;
                }));
            }
            for (Future<?> reader : read) {
                reader.get();
            }
            readAll(stopped);
            readAll(second);
            assertThat(ranges).as("those who stopped went on by themselves").isNotEmpty();
            Running.await(
                    "nothing is held", () -> running.adminGet("/metrics").body().contains("larder_fetch_bytes 0.0"));
            for (RawClient client : crowd) {
                client.close();
            }
            stopped.close();
            second.close();
        } finally {
            readers.shutdownNow();
        }
    }
}
