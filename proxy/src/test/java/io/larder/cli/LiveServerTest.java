package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said at the start of who starts it. */
class LiveServerTest {
    private final PrintStream before = System.err;
    private final String user = System.getProperty("user.name");

    @AfterEach
    void restore() {
        System.setErr(before);
        System.setProperty("user.name", user);
    }

    @ParameterizedTest
    @CsvSource({"root, true", "larder, false", "rooter, false", ", false"})
    void rootIsKnown(String name, boolean root) {
        assertThat(LiveServer.isSuperuser(name)).isEqualTo(root);
    }

    @Test
    void rootIsWarned() {
        assertThat(said("root")).contains("warning: it runs as root", "CAP_NET_BIND_SERVICE");
        assertThat(said("larder")).doesNotContain("root");
    }

    /** What a start says that comes to nothing, as there is no such file. */
    private static String said(String name) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setProperty("user.name", name);
        LiveServer server = new LiveServer(new ConfigFiles(variable -> null));
        assertThatThrownBy(() -> server.run(
                        new Source.ConfigFile(Path.of("there-is-none.yaml"), false),
                        (List<Server.Listening> ports) -> {}))
                .isInstanceOf(Failed.class);
        return err.toString(StandardCharsets.UTF_8);
    }
}
