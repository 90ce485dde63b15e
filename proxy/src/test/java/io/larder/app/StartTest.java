package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.larder.config.LarderConfig;
import io.larder.testing.ScriptedOrigin;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a gateway from starting is told with its place, and nothing stays behind. */
class StartTest {
    private static final String APP = "upstreams: { app: { servers: ['127.0.0.1:9'] } }\n";

    @TempDir
    Path directory;

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String bind = "127.0.0.1:" + taken.getLocalPort();
            StartFailure failure = failure(APP + "listeners: { web: { bind: '" + bind + "' } }");
            assertThat(failure.message()).contains("larder.yaml:2:", "web", String.valueOf(taken.getLocalPort()));
            assertThat(failure.isConfiguration()).isFalse();
        }
        nothingIsLeft();
    }

    @RepeatedTest(10)
    void anAdminPortInUseGivesBackTheOthers() throws Exception {
        int web = freePort();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StartFailure failure = failure(APP + "listeners: { web: { bind: '127.0.0.1:" + web + "' } }\n"
                    + "admin: { bind: '127.0.0.1:" + taken.getLocalPort() + "' }");
            assertThat(failure.message()).contains("larder.yaml:3:", "admin");
        }
        nothingIsLeft();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), web).close())
                .hasMessageContaining("refused");
    }

    @Test
    void aNameThatNobodyKnows() throws Exception {
        StartFailure failure = failure("upstreams: { app: { servers: ['nowhere.invalid:80'] } }");
        assertThat(failure.message()).contains("larder.yaml:1:", "nowhere.invalid");
        assertThat(failure.isConfiguration()).isTrue();
        nothingIsLeft();
    }

    @Test
    void anAddressToListenOnThatNobodyKnows() throws Exception {
        StartFailure failure = failure(APP + "listeners: { web: { bind: 'nowhere.invalid:0' } }");
        assertThat(failure.message()).contains("larder.yaml:2:", "nowhere.invalid");
        assertThat(failure.isConfiguration()).isTrue();
        nothingIsLeft();
    }

    @Test
    void aTokenFileThatHasGone() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        LarderConfig config = Running.load(
                directory,
                APP + "listeners: { web: { bind: '127.0.0.1:0' } }\n"
                        + "admin: { bind: '127.0.0.1:0', token-file: token }\nsites: { shop: { upstream: app } }");
        Files.delete(token);
        StartFailure failure =
                catchThrowableOfType(StartFailure.class, () -> Larder.start(config, Running.platform(2)));
        assertThat(failure.message()).contains("larder.yaml:3:", "token");
        nothingIsLeft();
    }

    @Test
    void anAccessLogThatCannotBeOpened() throws Exception {
        Files.writeString(directory.resolve("file"), "");
        StartFailure failure = failure(APP + "log: { access: { format: json, to: file/access.log } }");
        assertThat(failure.message()).contains("access log");
        nothingIsLeft();
    }

    @Test
    void whatWasWrongIsNoHindranceLater() throws Exception {
        failure("upstreams: { app: { servers: ['nowhere.invalid:80'] } }");
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "fine")));
                Running running = Running.start(directory, origin, 2)) {
            assertThat(running.fetch("/").body()).isEqualTo("fine");
        }
        nothingIsLeft();
    }

    private StartFailure failure(String more) {
        return catchThrowableOfType(
                StartFailure.class, () -> Running.start(directory, 2, more).stop());
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void nothingIsLeft() throws Exception {
        Running.await("all threads have ended", () -> Running.threads().isEmpty());
    }
}
