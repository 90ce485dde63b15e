package io.larder.app;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.LoggedLines;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.Speech;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Origins that answer one client's request with anything at all: it gets an answer or its end, and whoever asks next, over whichever
 * connection that goes, gets what the origin answers to him.
 */
class HostileOriginFuzzTest {
    private static final int PATIENCE_MILLIS = 100; // of an origin that may have said all, or may not
    private static final int TURNS = 3;

    @TempDir
    Path directory;

    /** What is answered to the one request of which the answer is bent. */
    private record Bent(String octets, int ending) {}

    private volatile Bent bent = new Bent("", 0);

    private static String page(String path) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path;
    }

    private static String response(Speech speech) {
        String evil = page("/evil");
        String response = speech.one(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\nto the end",
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/9\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
        String whole = speech.once(4) ? response + evil : response;
        return speech.once(8) ? whole.replace("\r\n", speech.one("\n", "\r", "\r\r\n", " \r\n")) : speech.bent(whole);
    }

    private void http1(ScriptedOrigin.Wire wire) throws IOException {
        for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
            String path = head.split(" ", 3)[1];
            if (path.startsWith("/visitor")) {
                wire.send(page(path));
                continue;
            }
            Bent answer = bent;
            wire.hurry(PATIENCE_MILLIS);
            wire.send(answer.octets);
            switch (answer.ending) {
                case 0 -> {
                    return; // closed
                }
                case 1 -> {
                    wire.reset();
                    return;
                }
                default -> {}
            }
        }
    }

    /** Frames that answer one request. */
    private static byte[] frames(int stream, Speech speech) {
        List<byte[]> frames = new ArrayList<>();
        frames.add(FrameWire.frame(
                FrameWire.HEADERS,
                FrameWire.END_HEADERS,
                stream,
                FrameWire.block(":status", speech.one("200", "204", "304", "103", "500", "20", "x"), "x-a", "b")));
        frames.add(FrameWire.frame(FrameWire.DATA, 0, stream, "hello".getBytes(StandardCharsets.US_ASCII)));
        frames.add(FrameWire.frame(FrameWire.DATA, FrameWire.END_STREAM, stream, new byte[speech.below(9)]));
        frames.add(FrameWire.frame(speech.below(12), speech.below(256), stream, new byte[speech.below(12)]));
        frames.add(FrameWire.frame(speech.below(12), speech.below(2), 0, new byte[speech.below(12)]));
        StringBuilder all = new StringBuilder();
        for (int n = 1 + speech.below(6); n > 0; n--) {
            all.append(new String(speech.one(frames), StandardCharsets.ISO_8859_1));
        }
        String text = speech.once(2) ? speech.bent(all.toString()) : all.toString();
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void http2(ScriptedOrigin.Wire wire, Speech speech) throws IOException {
        FrameWire frames = FrameWire.greet(wire);
        while (true) {
            FrameWire.Head head = frames.head();
            String path = String.valueOf(head.fields().path());
            if (path.startsWith("/visitor")) {
                frames.answer(head.stream(), path);
            } else {
                wire.hurry(PATIENCE_MILLIS);
                wire.send(frames(head.stream(), speech));
                if (speech.once(3)) {
                    return;
                }
            }
        }
    }

    /** One request on a connection of its own: one answer comes, whole or visibly cut, and nothing behind it. */
    private static void ask(Running running, String method, String path) throws IOException {
        try (RawClient client = running.connect()) {
            client.send(method + ' ' + path + " HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
            String behind;
            try {
                RawClient.Answer answer = client.answer(method);
                while (answer.status() < 200) {
                    answer = client.answer(method);
                }
                behind = client.rest();
            } catch (IOException cut) {
                behind = "";
            }
            String more = behind;
            Speech.holds(more.isEmpty(), () -> "behind the answer: " + more);
        }
    }

    private void tryOut(Running running, long seed, int share, boolean bends) throws IOException {
        long[] number = new long[1];
        try (RawClient visitor = running.connect();
                RawClient other = running.connect();
                LoggedLines bugs = new LoggedLines("io.larder.telemetry.BugLog");
                LoggedLines server = new LoggedLines("io.larder.server");
                LoggedLines upstream = new LoggedLines("io.larder.upstream.Connection");
                LoggedLines streams = new LoggedLines("io.larder.upstream.MultiplexCodec")) {
            FrameWire frames = FrameWire.greet(other);
            Speech.tryOut(share, seed, speech -> {
                long n = number[0]++;
                String sent = response(speech);
                if (bends) {
                    bent = new Bent(sent, speech.below(5));
                }
                try {
                    ask(running, speech.one("GET", "GET", "HEAD"), "/attacker/" + n);
                    String mine = "/visitor/" + n;
                    visit(visitor, mine, bends ? 1 : TURNS, sent);
                    if (bends && speech.once(4)) {
                        visitHttp2(frames, (int) (2 * n + 1), mine + "/2");
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("after " + sent, e);
                }
                for (LoggedLines each : List.of(bugs, server, upstream, streams)) {
                    Speech.holds(each.isEmpty(), () -> "a bug is logged after " + sent);
                }
            });
        }
    }

    /**
     * Whoever comes next is served, and never by what was for another; where he shares a connection of HTTP/2 with what broke it,
     * he may have to come again.
     */
    private static void visit(RawClient visitor, String path, int turns, String sent) throws IOException {
        RawClient.Answer answer = visitor.send(Running.get(path)).answer();
        for (int turn = 1; turn < turns && answer.status() >= 500; turn++) {
            answer = visitor.send(Running.get(path)).answer();
        }
        RawClient.Answer last = answer;
        Speech.holds(last.body().equals(path), () -> last + " after " + sent);
    }

    private static void visitHttp2(FrameWire frames, int stream, String path) throws IOException {
        frames.headers(stream, true, ":method", "GET", ":scheme", "http", ":authority", "shop.test", ":path", path);
        StringBuilder body = new StringBuilder();
        Frame frame = frames.next();
        while (frame.stream() != stream || !frame.ends()) {
            body.append(frame.type() == FrameWire.DATA ? frame.text() : "");
            frame = frames.next();
        }
        body.append(frame.type() == FrameWire.DATA ? frame.text() : "");
        Speech.holds(body.toString().equals(path), () -> body + " instead of " + path);
    }

    private Running start(ScriptedOrigin origin, String protocol) throws IOException {
        return Running.start(
                directory,
                origin,
                1,
                "upstreams: { app: { servers: ['127.0.0.1:" + origin.port() + "'], protocol: " + protocol + " } }");
    }

    @Test
    void whoeverComesNextIsServed() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(this::http1);
                Running running = start(origin, "http/1.1")) {
            tryOut(running, 20_261_211, 20, true);
        }
    }

    @Test
    void soIsHeWhereHttp2IsSpokenWithTheOrigin() throws Exception {
        List<Speech> said = new ArrayList<>();
        Speech.tryOut(1, 20_261_212, said::add);
        Speech speech = said.getFirst();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> http2(wire, speech));
                Running running = start(origin, "h2c")) {
            tryOut(running, 20_261_213, 20, false);
        }
    }
}
