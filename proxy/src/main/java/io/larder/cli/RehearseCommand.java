package io.larder.cli;

import io.larder.cli.demo.Fault;
import io.larder.cli.demo.Rehearsal;
import io.larder.cli.demo.Shop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code larder rehearse}: starts a gateway for itself, visits it, and ends. The launcher has the JVM take notes meanwhile,
 * for a cache that makes later starts faster. Listens on free loopback ports alone.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start a gateway on free loopback ports, ask it a few things, and end: for the start cache.")
final class RehearseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Main.World world;

    RehearseCommand(Main.World world) {
        this.world = world;
    }

    @Override
    public Integer call() throws InterruptedException {
        Thread limit = limit();
        try (Shop shop = Shop.open("rehearsal", new Fault(), Duration.ZERO, Duration.ZERO)) {
            return run(Rehearsal.yaml(shop.address()));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "the rehearsal cannot start: " + e.getMessage());
        } finally {
            limit.interrupt();
        }
    }

    private int run(String yaml) throws IOException, InterruptedException {
        Path config = Files.createTempFile("larder-rehearsal-", ".yaml");
        try {
            Files.writeString(config, yaml);
            return run(config);
        } finally {
            Files.deleteIfExists(config);
        }
    }

    private int run(Path config) throws InterruptedException {
        CompletableFuture<Optional<Exception>> failure = new CompletableFuture<>();
        Server visited = (source, whenServing) -> world.server().run(source, listening -> {
            whenServing.accept(listening);
            new Thread(() -> failure.complete(visited(listening, config)), "larder-visitor").start();
        });
        PrintWriter nobody = nobody();
        int exit = new Serve(visited, nobody, nobody).run(new Source.ConfigFile(config), null);
        failure.join().ifPresent(failed -> {
            throw new Failed(Exit.FAILED, "the rehearsal failed: " + failed);
        });
        return exit;
    }

    /** What went wrong, if anything did. However it goes, the gateway ends. */
    private Optional<Exception> visited(List<Server.Listening> listening, Path config) {
        String site = "http://" + listening.getFirst().address();
        String admin = "http://" + listening.getLast().address();
        try {
            Rehearsal.visit(site, admin);
            Files.writeString(config, Rehearsal.edited(Files.readString(config)));
            command("reload", "--admin", admin);
            command("check", "-c", config.toString());
            command("status", "--admin", admin);
            command("purge", "--admin", admin, "--all");
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(e);
        } finally {
            Rehearsal.end(admin);
        }
    }

    private void command(String... arguments) {
        PrintWriter nobody = nobody();
        CommandLine line = Main.commandLine(world, arguments);
        int exit = line.setOut(nobody).setErr(nobody).execute(arguments);
        if (exit != Exit.DONE) {
            throw new IllegalStateException(arguments[0] + " ended with status " + exit);
        }
    }

    private static PrintWriter nobody() {
        return new PrintWriter(Writer.nullWriter());
    }

    /** Whatever hangs, nobody is there to see it: unless it is interrupted before, this ends the process. */
    private static Thread limit() {
        Thread limit = new Thread(
                () -> {
                    try {
                        Thread.sleep(LIMIT);
                        Runtime.getRuntime().halt(Exit.FAILED);
                    } catch (InterruptedException inTime) {
                        Thread.currentThread().interrupt();
                    }
                },
                "larder-rehearsal-limit");
        limit.setDaemon(true);
        limit.start();
        return limit;
    }
}
