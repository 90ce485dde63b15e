package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.Loaded;
import io.larder.config.source.FileGlob;
import io.larder.config.source.Sources;
import io.larder.config.source.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileWatchTest {
    private static final String SITES = """
            include: [sites/*.yaml]
            listeners: { web: { bind: ":8080" } }
            upstreams: { app: { servers: ["127.0.0.1:8000"] } }
            """;
    private static final String SITE = "sites: { shop: { upstream: app } }\n";

    @TempDir
    Path directory;

    /** Each poll sees a state, written as digits: inode, time, content. The last poll of each word is awaited to be told. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "nothing, 111 111 111, ...",
        "written in place, 121 132 132 132, ..!.",
        "an editor's rename, 212 212 212, .!.",
        "touched, 121 121 121, ...",
        "copied over by the same, 231 231, ..",
        "written in two goes within a poll, 122 133 133 133, ..!.",
        "written in two goes with time between, 122 122 133 133, .!.!",
        "written all the time, 122 133 144 155 155, ....!",
        "gone, 000 000 000, .!.",
        "gone for a moment, 000 212 212, ..!",
        "gone and back as it was, 000 111 111, ...",
        "back to what it was, 122 122 131 131, .!.!",
    })
    void tellsOnceWhatHasSettled(String name, String polls, String told) {
        FileWatch watch = new FileWatch(seen("111"), "1");
        StringBuilder answers = new StringBuilder();
        for (String poll : polls.split(" ", -1)) {
            answers.append(watch.poll(seen(poll), () -> poll.substring(2)) ? '!' : '.');
        }
        assertThat(answers).hasToString(told);
    }

    @Test
    void whatMayHaveChangedWhileItWasReadIsReadAgain() {
        FileWatch watch = new FileWatch(seen("111"), null);
        assertThat(watch.poll(seen("121"), () -> "1")).isFalse();
        assertThat(watch.poll(seen("121"), () -> "1")).isTrue();
    }

    private static Sources seen(String state) {
        Path file = Path.of("larder.yaml");
        Stamp stamp = state.equals("000")
                ? new Stamp.Gone()
                : new Stamp.There(file, state.substring(0, 1), FileTime.fromMillis(state.charAt(1)), 7);
        return new Sources(Map.of(file, stamp), Map.of(new FileGlob(Path.of(""), "*.yaml"), List.of(file)));
    }

    // With a file system.

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(directory.resolve("sites"));
        Files.writeString(directory.resolve("larder.yaml"), SITES);
        Files.writeString(directory.resolve("sites/shop.yaml"), SITE);
    }

    private FileWatch read() {
        ConfigLoader.Reading reading = ConfigLoader.read(directory.resolve("larder.yaml"), name -> null);
        return FileWatch.of(reading.sources());
    }

    private static List<Boolean> poll(FileWatch watch, int times) {
        List<Boolean> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(watch.poll());
        }
        return answers;
    }

    @Test
    void aFileIsWrittenInPlace() throws IOException {
        FileWatch watch = read();
        assertThat(poll(watch, 2)).containsExactly(false, false);
        Files.writeString(directory.resolve("sites/shop.yaml"), "# more\n" + SITE);
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
    }

    @Test
    void anEditorPutsANewFileInItsPlace() throws IOException {
        FileWatch watch = read();
        FileTime time = Files.getLastModifiedTime(directory.resolve("larder.yaml"));
        Path fresh = Files.writeString(directory.resolve("4913"), SITES.replace("8080", "8081"));
        Files.setLastModifiedTime(fresh, time); // of the same size and age, which does not hide it
        Files.move(fresh, directory.resolve("larder.yaml"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
    }

    @Test
    void touchingIsNoChange() throws IOException {
        FileWatch watch = read();
        Files.setLastModifiedTime(directory.resolve("larder.yaml"), FileTime.fromMillis(0));
        assertThat(poll(watch, 3)).containsExactly(false, false, false);
    }

    @Test
    void anIncludedFileComesAndGoes() throws IOException {
        FileWatch watch = read();
        Path more = Files.writeString(directory.resolve("sites/more.yaml"), "trusted-proxies: []\n");
        Files.writeString(directory.resolve("sites/more.txt"), "not meant");
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
        watch = read();
        Files.delete(more);
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
    }

    @Test
    void theMainFileVanishesAndComesBack() throws IOException {
        FileWatch watch = read();
        Files.delete(directory.resolve("larder.yaml"));
        assertThat(poll(watch, 2)).containsExactly(false, true);
        assertThat(ConfigLoader.load(directory.resolve("larder.yaml"), name -> null))
                .isInstanceOf(Loaded.Bad.class);
        watch = read(); // what cannot be read is watched for, too
        assertThat(poll(watch, 2)).containsExactly(false, false);
        Files.writeString(directory.resolve("larder.yaml"), SITES);
        assertThat(poll(watch, 2)).containsExactly(false, true);
    }

    @Test
    void kubernetesSwapsALink() throws IOException {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        version(mount, "..2024_1", ":8080");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2024_1"));
        Files.createSymbolicLink(mount.resolve("larder.yaml"), Path.of("..data/larder.yaml"));
        Files.createSymbolicLink(mount.resolve("site.yaml"), Path.of("..data/site.yaml"));
        ConfigLoader.Reading reading = ConfigLoader.read(mount.resolve("larder.yaml"), name -> null);
        assertThat(reading.loaded()).isInstanceOf(Loaded.Good.class);
        FileWatch watch = FileWatch.of(reading.sources());
        assertThat(poll(watch, 2)).containsExactly(false, false);
        version(mount, "..2024_2", ":8081");
        assertThat(poll(watch, 2)).containsExactly(false, false);
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2024_2"));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
    }

    private static void version(Path mount, String name, String bind) throws IOException {
        Path data = Files.createDirectory(mount.resolve(name));
        Files.writeString(
                data.resolve("larder.yaml"),
                SITES.replace("sites/*.yaml", "'*site.yaml'").replace(":8080", bind));
        Files.writeString(data.resolve("site.yaml"), SITE);
    }

    @Test
    void globsReachThroughALinkedDirectory() throws IOException {
        Files.move(directory.resolve("sites"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("sites"), Path.of("elsewhere"));
        ConfigLoader.Reading reading = ConfigLoader.read(directory.resolve("larder.yaml"), name -> null);
        assertThat(reading.loaded()).isInstanceOf(Loaded.Good.class);
    }

    @Test
    void aSecretThatTheConfigurationNamesIsWatchedToo() throws IOException {
        Files.writeString(directory.resolve("token"), "one");
        Files.writeString(directory.resolve("larder.yaml"), SITES + "admin: { token-file: token }\n");
        FileWatch watch = read();
        Files.writeString(directory.resolve("token"), "other");
        assertThat(poll(watch, 2)).containsExactly(false, true);
    }

    @Test
    void aLogThatTheConfigurationNamesIsNot() throws IOException {
        Files.writeString(directory.resolve("access.log"), "");
        Files.writeString(directory.resolve("larder.yaml"), SITES + "log: { access: { to: access.log } }\n");
        FileWatch watch = read();
        Files.writeString(directory.resolve("access.log"), "a line\n");
        assertThat(poll(watch, 2)).containsExactly(false, false);
    }

    @Test
    void whatIsWrittenWhileItIsReadIsNotMissed() throws IOException {
        ConfigLoader.Reading reading = ConfigLoader.read(directory.resolve("larder.yaml"), name -> null);
        Files.writeString(directory.resolve("sites/shop.yaml"), SITE + "# late\n");
        FileWatch watch = FileWatch.of(reading.sources());
        assertThat(poll(watch, 3)).containsExactly(false, true, false);
    }
}
