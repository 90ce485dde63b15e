package io.larder.scenario;

import io.larder.scenario.Step.Answer;
import io.larder.scenario.Step.Turn;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The servers of one scenario: they answer what the present step tells them to, and note what they did not expect. */
final class Cast implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5_000;

    private final Scenario scenario;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ScriptedOrigin> servers = new LinkedHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);

    // guarded by this
    private final Deque<Turn> turns = new ArrayDeque<>();
    private Words words = new Words(() -> Instant.EPOCH, Map.of());
    private Differences differences = new Differences(words); // of the present step
    private String lastServer = "";

    Cast(Scenario scenario) throws IOException {
        this.scenario = scenario;
        for (String name : scenario.setting().servers()) {
            ScriptedOrigin server = ScriptedOrigin.play(wire -> play(name, wire));
            servers.put(name, server);
            ports.put(name, server.port());
        }
    }

    Map<String, Integer> ports() {
        return Map.copyOf(ports);
    }

    void stop(String name) throws IOException {
        ScriptedOrigin server = servers.remove(name);
        if (server == null) {
            throw new BadScenario(scenario.place() + ": no server called " + name + " is running");
        }
        server.close();
    }

    void start(String name) throws IOException {
        Integer port = ports.get(name);
        if (port == null || servers.containsKey(name)) {
            throw new BadScenario(scenario.place() + ": no server called " + name + " is stopped");
        }
        servers.put(name, ScriptedOrigin.playOn(port, wire -> play(name, wire)));
    }

    /** What will be asked from now on, and where differences are noted. */
    synchronized void rehearse(List<Turn> next, Words filling, Differences notes) {
        turns.clear();
        turns.addAll(next);
        words = filling;
        differences = notes;
    }

    /** Waits for so long until all turns have been taken, and notes those that were not. */
    synchronized void finish(long patienceMillis) throws InterruptedException {
        long end = System.nanoTime() + patienceMillis * 1_000_000;
        for (long left = patienceMillis; !turns.isEmpty() && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        turns.forEach(missed -> differences.add("the origin was not asked for " + missed.line()));
        turns.clear();
    }

    private void play(String name, ScriptedOrigin.Wire wire) throws IOException, InterruptedException {
        for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
            String body = body(head, wire);
            Turn turn = next(name, head, body);
            if (turn == null) {
                wire.send("HTTP/1.1 500 Not In The Script\r\nContent-Length: 0\r\n\r\n");
            } else if (!say(turn.answer(), isBodiless(head, turn.answer().status()), wire)) {
                return;
            }
        }
    }

    private static String body(String head, ScriptedOrigin.Wire wire) throws IOException {
        List<String> lines = head.lines().toList();
        List<String> length = Differences.values(lines, "Content-Length");
        if (!length.isEmpty()) {
            return wire.read(Integer.parseInt(length.get(0)));
        }
        StringBuilder body = new StringBuilder();
        if (!Differences.values(lines, "Transfer-Encoding").isEmpty()) {
            String size = wire.readUntil("\r\n");
            while (!size.isEmpty() && !size.equals("0\r\n")) {
                body.append(wire.read(Integer.parseInt(size.strip(), 16)));
                wire.readUntil("\r\n");
                size = wire.readUntil("\r\n");
            }
            String trailer = wire.readUntil("\r\n");
            while (!trailer.isEmpty() && !trailer.equals("\r\n")) {
                trailer = wire.readUntil("\r\n");
            }
        }
        return body.toString();
    }

    private synchronized @Nullable Turn next(String name, String head, String body) {
        List<String> lines = head.lines().toList();
        Turn turn = turns.peek();
        if (turn == null) {
            differences.add("the origin was asked, which was not expected:\n" + head.strip());
            return null;
        }
        compare(turn, name, lines, body);
        lastServer = name;
        turns.remove();
        notifyAll();
        return turn;
    }

    private void compare(Turn turn, String name, List<String> lines, String body) {
        String server = turn.server();
        if (server != null) {
            boolean right = switch (server) {
                case "other" -> !name.equals(lastServer);
                case "same" -> name.equals(lastServer);
                default -> name.equals(server);
            };
            if (!right) {
                differences.add("the server asked is " + name + ", expected " + server + " after " + lastServer);
            }
        }
        if (turn.line() != null) {
            differences.equal("request line at the origin", turn.line() + " HTTP/1.1", lines.get(0));
        }
        differences.fields("at the origin", turn.sees(), lines);
        if (turn.body() != null) {
            differences.equal("content at the origin", turn.body(), body);
        }
    }

    private static boolean isBodiless(String head, int status) {
        return head.startsWith("HEAD ") || status == 204 || status == 304;
    }

    /** Whether the connection goes on. */
    private boolean say(Answer answer, boolean bodiless, ScriptedOrigin.Wire wire)
            throws IOException, InterruptedException {
        String said = spoken(answer, bodiless);
        if (!said.isEmpty()) {
            wire.send(said);
        }
        return switch (answer.ending()) {
            case CLOSE -> false;
            case RESET -> {
                wire.reset();
                yield false;
            }
            case KEEP -> {
                if (said.isEmpty()) {
                    wire.pauseUntil(over, PATIENCE_MILLIS);
                }
                yield !said.isEmpty();
            }
        };
    }

    private synchronized String spoken(Answer answer, boolean bodiless) {
        StringBuilder said = new StringBuilder();
        for (String interim : answer.interim()) {
            said.append(crlf(words.fill(interim).strip())).append("\r\n\r\n");
        }
        if (answer.raw() != null) {
            return said.append(crlf(words.fill(answer.raw()))).toString();
        }
        if (answer.status() == 0) {
            return said.toString();
        }
        String body = words.fill(answer.body());
        said.append("HTTP/1.1 ").append(answer.status()).append(" As Scripted\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers());
        if (lacks(headers, "Date")) {
            headers.put("Date", List.of("{now}"));
        }
        if (lacks(headers, "Content-Length") && lacks(headers, "Transfer-Encoding") && !bodiless) {
            headers.put("Content-Length", List.of(String.valueOf(body.length())));
        }
        headers.forEach((name, values) -> values.stream()
                .filter(value -> !value.equals("absent"))
                .forEach(value ->
                        said.append(name).append(": ").append(words.fill(value)).append("\r\n")));
        return said.append("\r\n").append(bodiless ? "" : body).toString();
    }

    private static boolean lacks(Map<String, List<String>> headers, String name) {
        return headers.keySet().stream()
                .noneMatch(key -> key.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)));
    }

    static String crlf(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        for (ScriptedOrigin server : servers.values()) {
            server.close();
        }
    }
}
