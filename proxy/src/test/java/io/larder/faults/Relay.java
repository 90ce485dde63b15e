package io.larder.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** The network between a node and Redis, on which answers can be late, and which can be cut, or fall silent and come back. */
final class Relay implements AutoCloseable {
    private static final int QUEUED = 4096; // parts, in each direction of a connection
    private static final long LOOK_AGAIN = Duration.ofMillis(2).toNanos();

    private final ServerSocket door = new ServerSocket();
    private final int server;
    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
    private volatile long answersLate; // in nanoseconds
    private volatile long messagesLate; // likewise
    private volatile boolean cut;
    private volatile boolean questionsStop;
    private volatile boolean answersStop;

    /** @param server the port of Redis */
    Relay(int server) throws IOException {
        this.server = server;
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** All that Redis says comes so much later. */
    void delayAnswers(Duration time) {
        answersLate = time.toNanos();
    }

    /** What Redis says on connections that have subscribed comes so much later. */
    void delayMessages(Duration time) {
        messagesLate = time.toNanos();
    }

    /** All connections end; new ones end at once. */
    void cut() {
        cut = true;
        open.forEach(Connection::end);
    }

    /** Nothing comes through any more, and no connection ends: what is sent arrives after {@link #heal}. */
    void freeze() {
        questionsStop = true;
        answersStop = true;
    }

    /** As {@link #freeze}, in one direction: Redis hears the node, and the node hears nothing. */
    void freezeAnswers() {
        answersStop = true;
    }

    /** All is well again. */
    void heal() {
        answersLate = 0;
        messagesLate = 0;
        cut = false;
        questionsStop = false;
        answersStop = false;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Connection::end);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Connection connection = new Connection(door.accept());
                open.add(connection);
                Thread.ofVirtual().name("relay-connection").start(connection::begin);
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Octets that go on when it is time. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once
    private record Part(byte[] octets, long due) {
        static final Part END = new Part(new byte[0], Long.MIN_VALUE);

        boolean isEnd() {
            return octets.length == 0;
        }
    }

    private final class Connection {
        private final Socket node;
        private final Socket redis = new Socket();
        private volatile boolean subscribed;

        Connection(Socket node) {
            this.node = node;
        }

        void begin() {
            try {
                redis.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server), 1_000);
                if (cut) {
                    end();
                    return;
                }
                node.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                pass(node, redis, true);
                pass(redis, node, false);
            } catch (IOException unreachable) {
                end();
            }
        }

        void end() {
            open.remove(this);
            for (Socket socket : new Socket[] {node, redis}) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void pass(Socket from, Socket to, boolean questions) {
            BlockingQueue<Part> parts = new ArrayBlockingQueue<>(QUEUED);
            Thread.ofVirtual().name("relay-in").start(() -> take(from, parts, questions));
            Thread.ofVirtual().name("relay-out").start(() -> give(to, parts, questions));
        }

        private void take(Socket from, BlockingQueue<Part> parts, boolean questions) {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = from.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (questions && n < 1024) {
                        String words = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                        subscribed |= words.toUpperCase(Locale.ROOT).contains("SUBSCRIBE");
                    }
                    long late = questions ? 0 : Math.max(answersLate, subscribed ? messagesLate : 0);
                    put(parts, new Part(Arrays.copyOf(buffer, n), System.nanoTime() + late));
                }
            } catch (IOException ended) {
                put(parts, Part.END);
                return;
            }
            put(parts, Part.END);
        }

        private void give(Socket to, BlockingQueue<Part> parts, boolean questions) {
            try {
                OutputStream out = to.getOutputStream();
                for (Part part = parts.take(); !part.isEnd(); part = parts.take()) {
                    LockSupport.parkNanos(part.due - System.nanoTime());
                    while ((questions ? questionsStop : answersStop) && !to.isClosed()) {
                        LockSupport.parkNanos(LOOK_AGAIN);
                    }
                    out.write(part.octets);
                }
            } catch (IOException ended) {
                end();
                return;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            end();
        }

        private static void put(BlockingQueue<Part> parts, Part part) {
            try {
                parts.put(part);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
