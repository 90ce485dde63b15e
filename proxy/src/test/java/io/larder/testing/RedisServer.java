package io.larder.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server: a process of its own on a free port of this machine, which keeps nothing on disk. It ends with the
 * test, and with this JVM at the latest.
 */
public final class RedisServer implements AutoCloseable {
    private static final File BINARY = binary();
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 5_000));

    private final int port;
    private final Path directory;
    private final List<String> command = new ArrayList<>();
    private final List<String> login = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);
    private volatile Process process;

    private RedisServer(int port, List<String> options) throws IOException {
        this.port = port;
        this.directory = Files.createTempDirectory("larder-redis");
        command.addAll(List.of(BINARY.getPath()));
        command.addAll(options);
        Runtime.getRuntime().addShutdownHook(atExit);
        this.process = launch();
    }

    /** A server with more options, such as {@code --maxmemory 1mb}. */
    public static RedisServer start(String... options) {
        return startAt(freePort(), options);
    }

    /** As {@link #start}, on a port that was found before. */
    public static RedisServer startAt(int port, String... options) {
        List<String> all = new ArrayList<>(List.of("--port", port + "", "--bind", "127.0.0.1", "--save", ""));
        all.addAll(List.of("--appendonly", "no", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        return started(port, all);
    }

    /** A server whose default user must log in. */
    public static RedisServer withPassword(String password) {
        return start("--requirepass", password).login("AUTH", password);
    }

    /** A sentinel that watches over one primary, called {@code primary}. */
    static RedisServer sentinel(int primary, int quorum) {
        int port = freePort();
        try {
            Path file = Files.writeString(
                    Files.createTempFile("larder-sentinel", ".conf"), """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor primary 127.0.0.1 %d %d
                    sentinel down-after-milliseconds primary 500
                    sentinel failover-timeout primary 1500
                    """.formatted(port, primary, quorum));
            file.toFile().deleteOnExit();
            return started(port, List.of(file.toString(), "--sentinel"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisServer started(int port, List<String> options) {
        try {
            RedisServer server = new RedisServer(port, options);
            server.awaitAnswers();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** SIGKILL: connections end, nothing is said. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Begins anew on the same port, with nothing in it. */
    public void restartEmpty() {
        kill();
        begin();
    }

    /** Begins anew on the same port, with all that it had. */
    public void restartWithAll() {
        ask("SAVE");
        kill();
        begin();
    }

    private void begin() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswers();
    }

    /** SIGSTOP: connections stay, and new ones are taken by the kernel; nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    public void flushAll() {
        ask("FLUSHALL");
    }

    /** How {@link #ask} logs in from now on. */
    public RedisServer login(String... words) {
        login.addAll(List.of(words));
        return this;
    }

    /** Asks on a connection of its own: the reply as text, items on lines of their own, errors with their minus sign. */
    public String ask(String... words) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
            socket.setSoTimeout(5_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!login.isEmpty()) {
                socket.getOutputStream().write(encoded(login));
                read(in);
            }
            socket.getOutputStream().write(encoded(List.of(words)));
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens on, and from which a cluster's other port can be made. */
    public static int freePort() {
        while (true) {
            int port = NEXT_PORT.getAndIncrement();
            if (isFree(port) && isFree(port + 10_000)) {
                return port;
            }
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        process.destroyForcibly();
        process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitAnswers() {
        Eventually.eventually(this::log, () -> ask("PING").matches("PONG|-NOAUTH.*"));
    }

    private String log() {
        try {
            return String.join(" ", command) + " says:\n" + Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, process.pid() + "").start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] encoded(List<String> words) {
        StringBuilder out = new StringBuilder("*" + words.size() + "\r\n");
        words.forEach(word -> out.append('$').append(word.length()).append("\r\n" + word + "\r\n"));
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String read(InputStream in) throws IOException {
        String line = line(in);
        return switch (line.charAt(0)) {
            case '+', ':' -> line.substring(1);
            case '$' -> {
                int length = Integer.parseInt(line.substring(1));
                yield length < 0 ? "" : new String(in.readNBytes(length + 2), 0, length, StandardCharsets.ISO_8859_1);
            }
            case '*' -> {
                List<String> items = new ArrayList<>();
                for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
                    items.add(read(in));
                }
                yield String.join("\n", items);
            }
            default -> line;
        };
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the connection has ended");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static File binary() {
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
