package io.larder.cli;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.app.Larder;
import io.larder.app.Platform;
import io.larder.app.Rereading;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RehearseCommandTest {
    private static Run rehearse(Server server, Configs configs) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new Main.World(server, configs, name -> null, false));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Run(line.execute("rehearse"), out.toString(), err.toString());
    }

    /** As {@link LiveServer} does it, but for the signals, which the tests' own process keeps. */
    private static int serve(Path file, Consumer<List<Server.Listening>> whenServing) throws InterruptedException {
        ConfigLoader.Reading reading = ConfigLoader.read(file, name -> null);
        if (!(reading.loaded() instanceof Loaded.Good good)) {
            throw new Failed(Exit.BAD_INPUT, reading.loaded().toString());
        }
        Rereading again = new Rereading(reading.sources(), () -> ConfigLoader.read(file, name -> null), false);
        Larder larder = Larder.start(good.config(), Platform.ofProcess("test"), again);
        List<Server.Listening> listening = new ArrayList<>();
        larder.addresses().forEach((name, address) -> listening.add(at(name, address)));
        listening.add(at("admin", larder.adminAddress()));
        whenServing.accept(listening);
        larder.await();
        return Exit.DONE;
    }

    private static Server.Listening at(String name, InetSocketAddress address) {
        return new Server.Listening(name, "127.0.0.1:" + address.getPort());
    }

    @Test
    void aGatewayStartsIsVisitedAndEnds() {
        ConfigFiles files = new ConfigFiles(name -> null);
        Server server = (source, whenServing) -> serve(((Source.ConfigFile) source).path(), whenServing);
        assertThat(rehearse(server, files)).isEqualTo(new Run(0, "", ""));
        eventually(
                "nothing is left that would end this process",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("larder-rehearsal-limit")));
    }

    @Test
    void aGatewayThatCannotStartIsAFailure() {
        Server broken = (source, whenServing) -> {
            throw new Failed(Exit.FAILED, "the port is taken");
        };
        Run run = rehearse(broken, Run.NO_CONFIGS);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("the port is taken");
    }
}
