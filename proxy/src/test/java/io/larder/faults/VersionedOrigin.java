package io.larder.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The origin of all pages, whose versions only grow. What it says may be kept for an hour. A slow page is written in the
 * version that it has when the request comes, and sent later: the worst that an origin can do to a cache.
 */
final class VersionedOrigin implements AutoCloseable {
    private final ServerSocket door = new ServerSocket();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicLong latest = new AtomicLong(1);
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private volatile Duration slowness = Duration.ofMillis(300);

    VersionedOrigin() throws IOException {
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        Thread.ofVirtual().name("origin").start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), door.getLocalPort());
    }

    /** From now on {@code paths} have a version that no page ever had: this one. */
    long raise(Collection<String> paths) {
        long version = latest.incrementAndGet();
        paths.forEach(path -> versions.merge(path, version, Math::max));
        return version;
    }

    long version(String path) {
        return versions.getOrDefault(path, 1L);
    }

    /** How long slow pages take from now on. */
    void slowness(Duration time) {
        slowness = time;
    }

    /** How often {@code path} was asked for, conditionally or not. */
    int requests(String path) {
        AtomicInteger count = requests.get(path);
        return count == null ? 0 : count.get();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                open.add(socket);
                Thread.ofVirtual().name("origin-connection").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                String condition = "";
                for (String field = line(in); !field.isEmpty(); field = line(in)) {
                    if (field.regionMatches(true, 0, "If-None-Match:", 0, 14)) {
                        condition = field.substring(14).strip();
                    }
                }
                answer(request.split(" ", 3)[1], condition, out);
            }
        } catch (IOException gone) {
            open.remove(socket); // whoever asked has left
        } finally {
            open.remove(socket);
        }
    }

    private void answer(String path, String condition, OutputStream out) throws IOException {
        requests.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
        long version = version(path);
        if (Page.isSlow(path)) {
            LockSupport.parkNanos(slowness.toNanos());
        }
        String tag = "\"" + version + "\"";
        String fields = "Cache-Control: max-age=3600\r\nETag: " + tag + "\r\nCache-Tag: " + Page.group(path) + "\r\n";
        String text = Page.text(path, version);
        out.write((condition.equals(tag)
                        ? "HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n"
                                + fields + "\r\n" + text)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next line; empty where the connection ends. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }
}
