package io.larder.upstream.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The part of a Kubernetes API server that has EndpointSlices, over real sockets: versions, pages, watches with bookmarks,
 * compaction, tokens, and all the ways in which a connection may end.
 */
final class FakeApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

    /** Makes server sockets: plain ones, or with TLS. */
    @FunctionalInterface
    interface Sockets {
        ServerSocket open() throws IOException;
    }

    private record Event(long version, String type, JsonNode object) {}

    /** What is done to all watches that are open. */
    private enum Fate {
        NONE,
        CUT,
        END
    }

    /** What was asked: {@code list}, {@code list continue}, {@code watch 1003}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    volatile String token = "secret";
    volatile int pageSize = 500;
    /** Answered to everything instead, if not 0. */
    volatile int status;
    /** Answered to watches instead, if not 0. */
    volatile int watchStatus;
    /** Accepts watches, and then sends nothing, not even their end. */
    volatile boolean stalls;
    /** Sends byte after byte, a chunk each. */
    volatile boolean dribbles;
    /** Ends each watch as soon as it has begun. */
    volatile boolean endsAtOnce;

    private final ServerSocket server;
    private final boolean tls;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    // guarded by this
    private final TreeMap<String, ObjectNode> slices = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private long version = 1000;
    private long compacted;
    private int fates;
    private Fate fate = Fate.NONE;

    FakeApiServer() throws IOException {
        this(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), false);
    }

    FakeApiServer(Sockets sockets, boolean tls) throws IOException {
        this.server = sockets.open();
        this.tls = tls;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** One that comes back at the same port. */
    static FakeApiServer at(int port) throws IOException {
        return new FakeApiServer(
                () -> {
                    ServerSocket again = new ServerSocket();
                    again.setReuseAddress(true);
                    again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    return again;
                },
                false);
    }

    int port() {
        return server.getLocalPort();
    }

    URI uri() {
        return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port());
    }

    /** Adds or replaces a slice; {@code json} is its ports and endpoints. */
    synchronized void put(String name, String json) throws IOException {
        ObjectNode slice = (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        ObjectNode metadata = slice.putObject("metadata");
        metadata.put("name", name);
        metadata.put("generateName", "app-");
        metadata.put("namespace", "shop");
        metadata.put("uid", "6d4bdf58-1f0f-4b0b-a8ba-" + name.hashCode());
        metadata.put("resourceVersion", Long.toString(++version));
        metadata.put("generation", 1);
        metadata.put("creationTimestamp", "2026-11-30T12:00:00Z");
        metadata.putObject("labels")
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .put("kubernetes.io/service-name", "app");
        String type = slices.put(name, slice) == null ? "ADDED" : "MODIFIED";
        event(type, slice);
    }

    synchronized void delete(String name) {
        ObjectNode slice = Objects.requireNonNull(slices.remove(name)).deepCopy();
        ((ObjectNode) slice.get("metadata")).put("resourceVersion", Long.toString(++version));
        event("DELETED", slice);
    }

    private void event(String type, ObjectNode slice) {
        ObjectNode object = slice.deepCopy();
        object.put("kind", "EndpointSlice").put("apiVersion", "discovery.k8s.io/v1");
        events.add(new Event(version, type, object));
        notifyAll();
    }

    /** Something else in the cluster has happened, and watches are told how far they are. */
    synchronized void bookmark() {
        ObjectNode object =
                JSON.createObjectNode().put("kind", "EndpointSlice").put("apiVersion", "discovery.k8s.io/v1");
        object.putObject("metadata")
                .put("resourceVersion", Long.toString(++version))
                .putNull("creationTimestamp");
        object.put("addressType", "").putNull("endpoints").putNull("ports");
        events.add(new Event(version, "BOOKMARK", object));
        notifyAll();
    }

    /** Tells watches of an error. */
    synchronized void error(int code, String message) {
        events.add(new Event(++version, "ERROR", failure(code, message)));
        notifyAll();
    }

    synchronized long version() {
        return version;
    }

    /** Forgets all that has happened up to now. */
    synchronized void compact() {
        compacted = ++version;
        events.clear();
    }

    /** Breaks the connections of all watches, in the middle of a chunk. */
    void cutWatches() {
        seal(Fate.CUT);
    }

    /** Ends all watches as at their time-out. */
    void endWatches() {
        seal(Fate.END);
    }

    private synchronized void seal(Fate now) {
        fate = now;
        fates++;
        notifyAll();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // close() may have looked before it was there
                }
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, String> headers = new HashMap<>();
                for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                    String[] parts = field.split(": ?", 2);
                    headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
                }
                if (!answer(line.split(" ", -1)[1], headers, out)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the other side has gone, or this one goes
            open.remove(socket);
        }
    }

    /** Whether the connection may be used again. */
    private boolean answer(String target, Map<String, String> headers, OutputStream out)
            throws IOException, InterruptedException {
        URI uri = URI.create(target);
        Map<String, String> query = query(uri.getRawQuery());
        boolean watch = query.getOrDefault("watch", "").equals("true");
        int born = ask(
                watch
                        ? "watch " + query.get("resourceVersion")
                        : "list" + (query.containsKey("continue") ? " continue" : ""));
        if (!("Bearer " + token).equals(headers.get("authorization"))) {
            whole(out, 401, failure(401, "Unauthorized"));
        } else if (!uri.getPath().equals(PATH)
                || !"kubernetes.io/service-name=app".equals(query.get("labelSelector"))) {
            whole(out, 404, failure(404, "the server could not find the requested resource"));
        } else if (status != 0) {
            whole(out, status, failure(status, "told so"));
        } else if (watch) {
            return watch(query, born, out);
        } else {
            list(query, out);
        }
        return true;
    }

    /** Writes down a request; what is done to all watches from then on is done to it. */
    private synchronized int ask(String what) {
        asked.add(what);
        return fates;
    }

    private void list(Map<String, String> query, OutputStream out) throws IOException {
        ObjectNode list =
                JSON.createObjectNode().put("kind", "EndpointSliceList").put("apiVersion", "discovery.k8s.io/v1");
        synchronized (this) {
            String[] from = query.getOrDefault("continue", version + "/").split("/", -1);
            if (Long.parseLong(from[0]) < compacted) {
                whole(out, 410, failure(410, "The provided continue parameter is too old"));
                return;
            }
            ObjectNode metadata = list.putObject("metadata").put("resourceVersion", from[0]);
            var rest = slices.tailMap(from[1], false);
            int size = Math.min(pageSize, Integer.parseInt(query.get("limit")));
            rest.values().stream().limit(size).forEach(list.withArray("items")::add);
            if (rest.size() > size) {
                metadata.put(
                        "continue",
                        from[0] + "/"
                                + rest.keySet().stream()
                                        .skip(size - 1L)
                                        .findFirst()
                                        .orElseThrow());
                metadata.put("remainingItemCount", rest.size() - size);
            }
        }
        whole(out, 200, list);
    }

    private boolean watch(Map<String, String> query, int born, OutputStream out)
            throws IOException, InterruptedException {
        if (watchStatus != 0) {
            whole(out, watchStatus, failure(watchStatus, "told so"));
            return true;
        }
        out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        out.flush();
        long from = Long.parseLong(query.get("resourceVersion"));
        long end = System.nanoTime() + Long.parseLong(query.get("timeoutSeconds")) * 1_000_000_000L;
        synchronized (this) {
            if (from < compacted) {
                send(out, "ERROR", failure(410, "too old resource version: " + from + " (" + compacted + ")"));
                chunk(out, new byte[0]);
                return true;
            }
        }
        while (true) {
            List<Event> news = new ArrayList<>();
            synchronized (this) {
                while (fates == born
                        && !server.isClosed()
                        && !endsAtOnce
                        && System.nanoTime() < end
                        && (stalls || latest() <= from)) {
                    wait(10);
                }
                if (server.isClosed()) {
                    return false;
                }
                if (fates != born && fate == Fate.CUT) {
                    out.write(ascii("40\r\n{\"type\":\"MODIFIED\",\"obj"));
                    out.flush();
                    return false;
                }
                for (Event event : events) {
                    if (event.version > from && !stalls) {
                        news.add(event);
                    }
                }
            }
            for (Event event : news) {
                send(out, event.type, event.object);
                from = event.version;
            }
            if (fates() != born || endsAtOnce || System.nanoTime() >= end) {
                chunk(out, new byte[0]);
                return true;
            }
        }
    }

    private synchronized int fates() {
        return fates;
    }

    private long latest() {
        return events.isEmpty() ? 0 : events.getLast().version;
    }

    private void send(OutputStream out, String type, JsonNode object) throws IOException {
        byte[] line = ascii(
                JSON.createObjectNode().put("type", type).set("object", object).toString() + "\n");
        if (dribbles) {
            for (byte b : line) {
                chunk(out, new byte[] {b});
            }
        } else {
            chunk(out, line);
        }
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        out.write(ascii(Integer.toHexString(bytes.length) + "\r\n"));
        out.write(bytes);
        out.write(ascii("\r\n"));
        out.flush();
    }

    private static void whole(OutputStream out, int status, JsonNode body) throws IOException {
        byte[] bytes = ascii(body.toString());
        out.write(ascii("HTTP/1.1 " + status + " Said\r\nContent-Type: application/json\r\nContent-Length: "
                + bytes.length + "\r\n\r\n"));
        out.write(bytes);
        out.flush();
    }

    private static ObjectNode failure(int code, String message) {
        ObjectNode failure = JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1");
        failure.putObject("metadata");
        return failure.put("status", "Failure")
                .put("message", message)
                .put("reason", code == 410 ? "Expired" : "Unknown")
                .put("code", code);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
