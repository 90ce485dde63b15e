package io.larder.faults;

import static io.larder.testing.Eventually.eventually;

import io.larder.testing.RawClient;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A gateway as operators run it: a process of its own, {@code larder serve}. What it says is kept. */
final class LarderProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("larder: (\\w+) on ([0-9.]+):(\\d+)");
    private static final Pattern BUG =
            Pattern.compile("^\\s|^$|\\bERROR\\b|LEAK|OutOfMemory|^Exception in thread|\\bbug\\b");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static final Duration START = Duration.ofMinutes(2); // on a machine that others keep busy
    private static final int LAST_LINES = 300;

    /**
     * Of these, the first are those of scripts/larder. The heap is small and touched from the beginning: what such a process
     * takes more of later is no garbage that nobody has collected yet.
     */
    private static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms128m",
            "-Xmx128m",
            "-XX:+AlwaysPreTouch",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // every buffer is watched, and nobody notes all that is done to it, which takes as long as all the rest
            "-Dio.netty.leakDetection.level=simple",
            "-Dio.netty.leakDetection.samplingInterval=1");

    /** Nobody closes them when the tests' process is ended in the middle of one. */
    private static final Queue<Process> STARTED = new ConcurrentLinkedQueue<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
    }

    private final Path pidFile;
    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Map<String, InetSocketAddress> listening = new ConcurrentHashMap<>();

    /** Begins to start one; it is of use after {@link #awaitReady}. */
    LarderProcess(Path config, Path pidFile) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", production(), "io.larder.cli.Main", "serve"));
        command.addAll(List.of("-c", config.toString(), "--pid-file", pidFile.toString()));
        this.pidFile = pidFile;
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        STARTED.add(process);
        Thread.ofPlatform().daemon().name("output-of-" + process.pid()).start(this::listen);
    }

    /** The class path of this test without the tests. */
    private static String production() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(place -> !place.endsWith("test-classes") && !place.endsWith("test-classes" + File.separator))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher listener = LISTENING.matcher(line);
                if (listener.matches()) {
                    int port = Integer.parseInt(listener.group(3));
                    listening.put(listener.group(1), new InetSocketAddress(listener.group(2), port));
                }
            }
        } catch (IOException ended) {
            output.add("(no more was heard: " + ended + ")");
        }
    }

    /** Returns when it takes requests. */
    LarderProcess awaitReady() {
        eventually(START, () -> "a gateway that is ready:\n" + said(), () -> {
            try (RawClient operator = new RawClient(address("admin"))) {
                return operator.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .answer()
                                .status()
                        == 200;
            }
        });
        if (!pid().equals(process.pid() + "")) {
            throw new AssertionError("the pid file says " + pid() + " and not " + process.pid());
        }
        return this;
    }

    private String pid() {
        try {
            return Files.readString(pidFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param listener its name, or {@code admin} */
    InetSocketAddress address(String listener) {
        InetSocketAddress address = listening.get(listener);
        if (address == null) {
            throw new IllegalStateException("not listening: " + listener);
        }
        return address;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: connections stay, and new ones are taken by the kernel; nothing answers. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    /** SIGKILL: connections end, nothing is said. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; @return the exit status */
    int stop() {
        process.destroy();
        try {
            return process.onExit().get(15, TimeUnit.SECONDS).exitValue();
        } catch (Exception late) {
            kill();
            throw new AssertionError("it does not stop:\n" + said(), late);
        }
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, process.pid() + "")
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " " + process.pid() + " says " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Octets of memory that it takes; 0 where the system has no {@code /proc}. */
    long resident() {
        try {
            Path status = Path.of("/proc", process.pid() + "", "status");
            Matcher found = RESIDENT.matcher(Files.exists(status) ? Files.readString(status) : "");
            return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has said, or the end of that. */
    String said() {
        List<String> all = List.copyOf(output);
        return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    }

    /** The lines in which {@code words} stand. */
    List<String> lines(String words) {
        return output.stream().filter(line -> line.contains(words)).toList();
    }

    /** What it should never have to say. */
    List<String> bugs() {
        return output.stream().filter(line -> BUG.matcher(line).find()).toList();
    }

    @Override
    public void close() {
        kill();
    }
}
