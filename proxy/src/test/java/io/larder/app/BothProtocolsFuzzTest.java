package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.Speech;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same request in HTTP/1.1 and in HTTP/2 is the same request to an origin, or is refused in both: what comes through is what
 * was asked, once, and HTTP/2 is no way around what HTTP/1.1 is refused.
 */
class BothProtocolsFuzzTest {
    private static final int REQUESTS_A_CONNECTION = 60; // fewer than refusals are taken for a flood

    @TempDir
    Path directory;

    /**
     * What the origin has read of one request.
     *
     * @param fields but those of a connection, in the order of their names
     */
    private record Seen(String startLine, List<String> fields, String content, String trailers) {}

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    private void record(ScriptedOrigin.Wire wire) throws IOException {
        for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
            String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
            String content = "";
            String trailers = "";
            List<String> fields = new ArrayList<>();
            List<String> cookies = new ArrayList<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(": ");
                String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                String value = lines[i].substring(colon + 2);
                switch (name) {
                    case "content-length" -> content = wire.read(Integer.parseInt(value));
                    case "transfer-encoding" -> {
                        StringBuilder all = new StringBuilder();
                        for (int size = size(wire); size > 0; size = size(wire)) {
                            all.append(wire.read(size));
                            wire.readUntil("\r\n");
                        }
                        content = all.toString();
                        trailers = trailers(wire);
                    }
                    case "cookie" -> cookies.add(value);
                    case "x-request-id" -> fields.add("x-request-id of " + value.length());
                    case "via" ->
                        fields.add("via: " + value.replaceFirst("[0-9.]+ larder$", "larder")); // says what was spoken
                    case "connection", "keep-alive", "te", "trailer" -> {}
                    default -> fields.add(name + ": " + value);
                }
            }
            if (!cookies.isEmpty()) {
                fields.add("cookie: " + String.join("; ", cookies).strip()); // RFC 9113 §8.2.3
            }
            fields.sort(null);
            seen.add(new Seen(lines[0], fields, content.length() + " octets, " + content.hashCode(), trailers));
            String answer = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\n";
            wire.send(lines[0].startsWith("HEAD ") ? answer : answer + "ok");
        }
    }

    private static int size(ScriptedOrigin.Wire wire) throws IOException {
        return Integer.parseInt(wire.readUntil("\r\n").strip(), 16);
    }

    private static String trailers(ScriptedOrigin.Wire wire) throws IOException {
        StringBuilder trailers = new StringBuilder();
        for (String line = wire.readUntil("\r\n"); !line.equals("\r\n"); line = wire.readUntil("\r\n")) {
            trailers.append(line.toLowerCase(Locale.ROOT));
        }
        return trailers.toString();
    }

    /**
     * What became of a request.
     *
     * @param status of its answer; 0: the stream, or the connection, was ended instead
     * @param seen what the origin has seen meanwhile
     */
    private record Fate(int status, List<Seen> seen) {
        boolean isRefused() {
            return seen.isEmpty() && (status == 0 || status >= 400);
        }
    }

    private Fate fate(int status) {
        List<Seen> all = new ArrayList<>(seen);
        seen.clear();
        return new Fate(status, all);
    }

    /** One client for each protocol, connected anew where it was sent away. */
    private final class Clients implements AutoCloseable {
        private final Running running;
        private @Nullable RawClient one;
        private @Nullable RawClient two;
        private @Nullable FrameWire frames;
        private UtteredFrames streams = new UtteredFrames();
        private int stream;

        Clients(Running running) {
            this.running = running;
        }

        Fate http1(Utterance said, Speech speech) throws IOException {
            if (one == null) {
                one = running.connect();
            }
            int status = 0;
            boolean closes = true;
            try {
                one.send(said.http1(speech));
            } catch (IOException closed) {
                // it has been answered before all of it was sent
            }
            try {
                RawClient.Answer answer = one.answer(said.method());
                while (answer.status() < 200) {
                    answer = one.answer(said.method());
                }
                status = answer.status();
                closes = answer.closes();
            } catch (IOException closed) {
                closes = true;
            }
            if (closes) {
                one.close();
                one = null;
            }
            return fate(status);
        }

        Fate http2(Utterance said, Speech speech) throws Exception {
            if (frames == null || stream > 2 * REQUESTS_A_CONNECTION) {
                greet();
            }
            stream += 2;
            try {
                two().send(streams.frames(said, stream, speech));
            } catch (IOException closed) {
                // as above
            }
            int status = 0;
            try {
                status = status();
            } catch (IOException closed) {
                frames = null;
            }
            return fate(status);
        }

        private RawClient two() {
            return java.util.Objects.requireNonNull(two);
        }

        private void greet() throws IOException {
            if (two != null) {
                two.close();
            }
            two = running.connect();
            frames = FrameWire.greet(two);
            streams = new UtteredFrames();
            stream = -1;
        }

        private int status() throws IOException {
            FrameWire wire = java.util.Objects.requireNonNull(frames);
            int status = 0;
            while (true) {
                Frame frame = wire.next();
                if (frame.type() == FrameWire.GOAWAY) {
                    frames = null;
                    return 0;
                }
                if (frame.type() == FrameWire.HEADERS) {
                    int said = Integer.parseInt(wire.decoded(frame).status().toString());
                    status = said >= 200 && frame.stream() == stream ? said : status;
                }
                if (frame.stream() == stream && (frame.type() == FrameWire.RST_STREAM || frame.ends())) {
                    return status;
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (one != null) {
                one.close();
            }
            if (two != null) {
                two.close();
            }
        }
    }

    @Test
    void bothSayTheSameOrNothing() throws Exception {
        int[] through = new int[2];
        try (ScriptedOrigin origin = ScriptedOrigin.play(this::record);
                Running running = Running.start(directory, origin, 1);
                Clients clients = new Clients(running)) {
            Speech.tryOut(100, 20_261_130, speech -> {
                try {
                    through[compare(clients, Utterance.of(speech), speech) ? 0 : 1]++;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertThat(through[0]).as("came through").isGreaterThan(through[1] / 3);
        assertThat(through[1]).as("were refused").isGreaterThan(through[0] / 10);
    }

    /** Answers whether it came through in both. */
    private boolean compare(Clients clients, Utterance said, Speech speech) throws Exception {
        Fate two = clients.http2(said, speech);
        Speech.holds(two.seen.size() <= 1, () -> "seen more than once: " + two + " of " + said);
        if (said.isHttp2sToRefuse()) {
            Speech.holds(two.isRefused(), () -> "not refused: " + two + " of " + said);
        }
        if (said.isAmbiguousInHttp1()) {
            return false;
        }
        Fate one = clients.http1(said, speech);
        Speech.holds(one.seen.size() <= 1, () -> "seen more than once: " + one + " of " + said);
        Speech.holds(!one.isRefused() || two.isRefused(), () -> "refused by HTTP/1.1 alone: " + one + two + said);
        if (said.isHttp2sToRefuse()) {
            return false;
        }
        Speech.holds(one.seen.equals(two.seen), () -> "not the same:\n" + one + "\n" + two + "\nof " + said);
        boolean sameStatus = one.status / 100 == two.status / 100 || (one.isRefused() && two.isRefused());
        Speech.holds(sameStatus, () -> "another answer:\n" + one + "\n" + two + "\nof " + said);
        return !one.seen.isEmpty();
    }
}
