package io.larder.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of raw bytes on a real socket, which plays a script on each connection. It knows nothing of the code under
 * test: what it sends is what a test wrote, right or wrong.
 */
public final class ScriptedOrigin implements AutoCloseable {
    /** What happens on one connection; when it returns, the connection is closed. */
    public interface Script {
        void play(Wire wire) throws IOException, InterruptedException;
    }

    /** What lies between the script and the socket, TLS for instance. */
    public interface Layer {
        Socket over(Socket raw) throws IOException;
    }

    private static final long PATIENCE_MILLIS = 5_000;

    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Layer layer;
    private volatile Script script;

    private ScriptedOrigin(Script script, int port, Layer layer) throws IOException {
        this.layer = layer;
        this.script = script;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2048);
        this.acceptor = daemon("origin-accept", this::accept);
    }

    /** Listens on a free loopback port. */
    public static ScriptedOrigin play(Script script) throws IOException {
        return new ScriptedOrigin(script, 0, raw -> raw);
    }

    /** Listens on a free loopback port; scripts speak through {@code layer}. */
    public static ScriptedOrigin play(Script script, Layer layer) throws IOException {
        return new ScriptedOrigin(script, 0, layer);
    }

    /** Listens on {@code port}, e.g. where another one has been closed. */
    public static ScriptedOrigin playOn(int port, Script script) throws IOException {
        return new ScriptedOrigin(script, port, raw -> raw);
    }

    /** Answers {@code response} to every request on every connection. */
    public static Script always(String response) {
        return wire -> {
            while (wire.readRequest()) {
                wire.send(response);
            }
        };
    }

    /** Answers each connection's requests with {@code responses}, one after the other, and closes it then. */
    public static Script inTurn(String... responses) {
        return wire -> {
            for (String response : responses) {
                if (!wire.readRequest()) {
                    return;
                }
                wire.send(response);
            }
        };
    }

    /** Another script for connections that are accepted from now on. */
    public void now(Script next) {
        script = next;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** The requests read so far, head and body, as they came. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Ends all connections; when it returns, new ones are refused. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join(PATIENCE_MILLIS); // until then the kernel may still take connections
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (listener.isClosed()) {
                    socket.close();
                    return;
                }
                connections.incrementAndGet();
                open.add(socket);
                Script current = script;
                daemon("origin-connection", () -> serve(socket, current));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket, Script current) {
        try (socket) {
            socket.setTcpNoDelay(true);
            try (Socket layered = layer.over(socket)) {
                current.play(new Wire(socket, layered));
            }
        } catch (IOException gone) {
            open.remove(socket); // the other side may leave whenever it likes
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One connection, seen from the server. */
    public final class Wire {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Wire(Socket socket, Socket layered) throws IOException {
            this.socket = socket;
            this.in = layered.getInputStream();
            this.out = layered.getOutputStream();
        }

        /** Reads a request with its body, and notes it; false when the client has closed the connection instead. */
        public boolean readRequest() throws IOException {
            return !nextRequest().isEmpty();
        }

        /** The same; answers what was read, empty when the client has closed the connection instead. */
        public String nextRequest() throws IOException {
            String head = readHead();
            if (head.isEmpty()) {
                return "";
            }
            String lower = head.toLowerCase(Locale.ROOT);
            String body = "";
            if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
                body = readHead(); // to the empty line behind the last chunk
            } else if (lower.contains("\r\ncontent-length: ")) {
                int start = lower.indexOf("\r\ncontent-length: ") + 18;
                body = read(Integer.parseInt(lower.substring(start, lower.indexOf('\r', start))));
            }
            requests.add(head + body);
            return head + body;
        }

        /** Reads to the end of a request's head; empty when the client has closed the connection. */
        public String readHead() throws IOException {
            return readUntil("\r\n\r\n");
        }

        /** Reads up to and with {@code end}; what there is when the client closes before. */
        public String readUntil(String end) throws IOException {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] wanted = end.getBytes(StandardCharsets.ISO_8859_1);
            int matched = 0;
            while (matched < wanted.length) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                read.write(b);
                matched = b == wanted[matched] ? matched + 1 : b == wanted[0] ? 1 : 0;
            }
            return read.toString(StandardCharsets.ISO_8859_1);
        }

        /** Reads exactly {@code length} bytes, or fewer at the end. */
        public String read(int length) throws IOException {
            return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Sends each part in a segment of its own. */
        public void sendApart(List<String> parts) throws IOException, InterruptedException {
            for (String part : parts) {
                send(part);
                pause(20);
            }
        }

        /** Does nothing for a while. */
        public void pause(long millis) throws InterruptedException {
            pauseUntil(new CountDownLatch(1), millis);
        }

        /** Does nothing until the test says so, or for a while. */
        public void pauseUntil(CountDownLatch signal, long millis) throws InterruptedException {
            boolean told = signal.await(millis, TimeUnit.MILLISECONDS);
            if (told && socket.isClosed()) {
                throw new InterruptedException("the connection is closed");
            }
        }

        /** Waits until the client has closed the connection; answers how many bytes came before. */
        public long awaitClose() throws IOException {
            long bytes = 0;
            byte[] some = new byte[64 * 1024];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                bytes += n;
            }
            return bytes;
        }

        /** Ends the connection with a reset instead of an orderly close. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Closes the socket, and says nothing of that in any layer above. */
        public void cut() throws IOException {
            socket.close();
        }

        /** Waits no longer than so for what comes next, and closes the connection then. */
        public void hurry(int millis) throws IOException {
            socket.setSoTimeout(millis);
        }

        /** Says that nothing more will be sent. */
        public void finish() {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The request lines of the requests read so far. */
    public List<String> requestLines() {
        List<String> lines = new ArrayList<>();
        for (String request : requests) {
            lines.add(request.substring(0, request.indexOf('\r')));
        }
        return lines;
    }
}
