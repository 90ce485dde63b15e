package io.larder.cli;

import io.larder.cli.demo.Fault;
import io.larder.cli.demo.Setting;
import io.larder.cli.demo.Shop;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code larder demo}: a sample shop, a gateway in front of it, and what to try. */
@Command(name = "demo", description = "Run a sample shop with the gateway in front, and say what to try.")
final class DemoCommand implements Callable<Integer> {
    private static final int NEXT = 100;

    private final Server server;

    @Option(names = "--port", paramLabel = "PORT", description = "The gateway's; the next free one when taken.")
    private int port = 8080;

    @Option(names = "--admin-port", paramLabel = "PORT", description = "The admin API's; the next free one when taken.")
    private int adminPort = 9180;

    @Spec
    private CommandSpec spec;

    DemoCommand(Server server) {
        this.server = server;
    }

    @Override
    public Integer call() throws InterruptedException {
        Fault fault = new Fault();
        try (Shop one = Shop.open("shop-1", fault, Shop.LATENCY, Shop.SLOW);
                Shop two = Shop.open("shop-2", fault, Shop.LATENCY, Shop.SLOW)) {
            int gateway = freePort(port, 0);
            int admin = freePort(adminPort, gateway);
            return run(new Setting(gateway, admin, List.of(one.address(), two.address())));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "the demo cannot start: " + e.getMessage());
        }
    }

    private int run(Setting setting) throws IOException, InterruptedException {
        Path config = Files.createTempFile("larder-demo-", ".yaml");
        config.toFile().deleteOnExit();
        try {
            Files.writeString(config, setting.yaml());
            return server.run(new Source.ConfigFile(config), listeners -> say(setting.guide()));
        } finally {
            Files.deleteIfExists(config);
        }
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    /** The first free loopback port from {@code wanted} on, other than {@code taken}. */
    static int freePort(int wanted, int taken) {
        for (int candidate = wanted; candidate < wanted + NEXT; candidate++) {
            if (candidate != taken && isFree(candidate)) {
                return candidate;
            }
        }
        throw new Failed(Exit.FAILED, "no free port from " + wanted + " on; name another with --port or --admin-port");
    }

    private static boolean isFree(int candidate) {
        try (ServerSocket probe = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
