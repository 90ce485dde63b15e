package io.larder.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiscoveryTest {
    @TempDir
    private Path directory;

    private Path file = Path.of("");
    private final Heard heard = new Heard();
    private final List<Runnable> tasks = new ArrayList<>();
    private int writes;

    @BeforeEach
    void name() {
        file = directory.resolve("servers.txt");
    }

    private FileDiscovery start() {
        FileDiscovery discovery = new FileDiscovery(file, (pause, task) -> {
            assertThat(pause).isEqualTo(Duration.ofSeconds(1));
            tasks.add(task);
            return () -> tasks.remove(task);
        });
        discovery.start(heard);
        tick();
        return discovery;
    }

    private void tick() {
        tasks.forEach(Runnable::run);
    }

    /** In place; the time of the change is one that no other change has. */
    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_800_000_000 + writes++)));
    }

    private void rename(String text) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aFileIsReadAtOnceAndOneThatTakesItsPlaceTheNextTick() throws Exception {
        write("10.0.0.1:80\n");
        start();
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80");
        rename("10.0.0.2:80 weight=2\napp.internal:80 backup\n");
        tick();
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80", "found 10.0.0.2:80 w2 app.internal:80 p1");
    }

    @Test
    void aFileThatIsWrittenInPlaceIsReadOnceItRests() throws Exception {
        write("10.0.0.1:80\n");
        start();
        write("10.0.0.1:80\n10.0.0.2:80\n");
        tick();
        write("10.0.0.1:80\n10.0.0.2:80\n10.0.0.3:80\n");
        tick();
        assertThat(heard.lines).hasSize(1);
        tick();
        assertThat(heard.lines).hasSize(2);
        assertThat(heard.last()).isEqualTo("found 10.0.0.1:80 10.0.0.2:80 10.0.0.3:80");
    }

    @Test
    void aBrokenFileKeepsTheServersAndIsToldOnce() throws Exception {
        write("10.0.0.1:80\n");
        start();
        rename("10.0.0.1:80\n10.0.0.2:eighty\n");
        tick();
        tick();
        rename("worse\n");
        tick();
        assertThat(heard.lines)
                .containsExactly("found 10.0.0.1:80", "failed " + file + ":2: '10.0.0.2:eighty' is not host:port");
        rename("10.0.0.1:80\n");
        tick();
        assertThat(heard.last()).isEqualTo("recovered");
        assertThat(heard.lines).hasSize(3);
    }

    @Test
    void aMissingFileKeepsTheServersAndMayComeBack() throws Exception {
        start();
        assertThat(heard.lines).containsExactly("failed " + file + ": there is no such file");
        write("10.0.0.1:80\n");
        tick();
        Files.delete(file);
        tick();
        tick();
        write("10.0.0.1:80\n");
        tick();
        assertThat(heard.lines)
                .containsExactly(
                        "failed " + file + ": there is no such file",
                        "recovered",
                        "found 10.0.0.1:80",
                        "failed " + file + ": there is no such file",
                        "recovered");
    }

    @Test
    void anEmptyFileIsOneThatIsBeingWritten() throws Exception {
        write("10.0.0.1:80\n");
        start();
        rename("");
        tick();
        assertThat(heard.last()).isEqualTo("failed " + file + ": there is no server in it");
    }

    /** As Kubernetes swaps the directory of a ConfigMap: file → ..data/file, ..data → ..2026-1. */
    @Test
    void aLinkOnTheWayThatLeadsElsewhereIsSeen() throws Exception {
        Path one = Files.createDirectory(directory.resolve("..1"));
        Path two = Files.createDirectory(directory.resolve("..2"));
        Files.writeString(one.resolve("servers.txt"), "10.0.0.1:80\n");
        Files.writeString(two.resolve("servers.txt"), "10.0.0.2:80\n");
        FileTime same = FileTime.from(Instant.ofEpochSecond(1_800_000_000));
        Files.setLastModifiedTime(one.resolve("servers.txt"), same);
        Files.setLastModifiedTime(two.resolve("servers.txt"), same);
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(file, Path.of("..data", "servers.txt"));
        start();
        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of("..2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        tick();
        assertThat(heard.lines).containsExactly("found 10.0.0.1:80", "found 10.0.0.2:80");
    }

    @Test
    void whatIsNotTextOrNoFileIsRefused() throws Exception {
        Files.write(file, new byte[] {(byte) 0xc3, (byte) 0x28});
        start();
        assertThat(heard.last()).isEqualTo("failed " + file + ": it is not text in UTF-8");
        rename("10.0.0.1:80\n");
        tick();
        Files.delete(file);
        Files.createDirectory(file);
        tick();
        tick(); // it may have the number that the file had, and so look like one that is being written
        assertThat(heard.last()).startsWith("failed " + file + ": it cannot be read: ");
    }

    @Test
    void whatIsTooLargeIsNotRead() throws Exception {
        write("#".repeat(5 * 1024 * 1024));
        start();
        assertThat(heard.last()).isEqualTo("failed " + file + ": it is larger than 4194304 bytes");
    }

    @Test
    void itEnds() throws Exception {
        write("10.0.0.1:80\n");
        FileDiscovery discovery = start();
        Runnable running = tasks.get(0);
        discovery.close();
        assertThat(tasks).isEmpty();
        rename("10.0.0.2:80\n");
        running.run();
        assertThat(heard.lines).hasSize(1);
        FileDiscovery other = new FileDiscovery(file, (pause, task) -> {
            throw new AssertionError("started after its end");
        });
        other.close();
        other.start(heard);
    }

    @Test
    void ticksOnAnExecutor() throws Exception {
        write("10.0.0.1:80\n");
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try (FileDiscovery discovery = new FileDiscovery(file, Ticker.on(executor))) {
            discovery.start(heard);
            heard.await("found 10.0.0.1:80");
            rename("10.0.0.2:80\n");
            heard.await("found 10.0.0.2:80");
        } finally {
            executor.shutdownNow();
        }
    }
}
