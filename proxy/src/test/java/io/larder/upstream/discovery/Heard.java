package io.larder.upstream.discovery;

import static io.larder.testing.Eventually.eventually;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A listener that writes down what it is told, a line each. */
final class Heard implements Discovery.Listener {
    final List<String> lines = new CopyOnWriteArrayList<>();
    volatile List<Found> servers = List.of();

    static String text(List<Found> servers) {
        return servers.stream().map(Heard::text).collect(Collectors.joining(" "));
    }

    static String text(Found server) {
        return server.text()
                + (server.weight() == 1 ? "" : " w" + server.weight())
                + (server.priority() == 0 ? "" : " p" + server.priority())
                + (server.draining() ? " draining" : "");
    }

    @Override
    public void found(List<Found> found) {
        servers = found;
        lines.add("found " + text(found));
    }

    @Override
    public void failed(String why) {
        lines.add("failed " + why);
    }

    @Override
    public void recovered() {
        lines.add("recovered");
    }

    String last() {
        return lines.isEmpty() ? "" : lines.getLast();
    }

    /** Waits until the last line is this one. */
    void await(String line) {
        eventually(() -> "'" + line + "' was not heard, but " + lines, () -> last().equals(line));
    }

    /** Waits until a line begins so, and forgets all up to it. */
    String awaitStart(String start) {
        eventually(
                () -> "'" + start + "…' was not heard, but " + lines,
                () -> lines.stream().anyMatch(line -> line.startsWith(start)));
        String line;
        do {
            line = lines.remove(0);
        } while (!line.startsWith(start));
        return line;
    }
}
