package io.larder.cli;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.app.Larder;
import io.larder.app.Platform;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
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
    private static int serve(LarderConfig config, Consumer<List<Server.Listening>> whenServing)
            throws InterruptedException {
        Larder larder = Larder.start(config, Platform.ofProcess("test"));
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
        Server server = (source, whenServing) -> switch (files.load(source)) {
            case Loaded.Good good -> serve(good.config(), whenServing);
            case Loaded.Bad bad -> throw new Failed(Exit.BAD_INPUT, bad.toString());
        };
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
