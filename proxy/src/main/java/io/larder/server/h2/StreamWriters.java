package io.larder.server.h2;

import io.larder.exchange.Loop;
import io.larder.server.connection.DeadlineTimer;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.stream.RequestStream;
import io.larder.server.stream.StreamDelivery;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;

/**
 * The content that is being written on one connection, and the deadlines of its streams, all on one timer: what the client has to
 * take, and what it has to send. Confined to its loop.
 */
final class StreamWriters {
    private final Loop loop;
    private final ListenerSettings.Timeouts timeouts;
    private final Http2Connection connection;
    private final List<StreamWriter> writers = new ArrayList<>(4);
    private final DeadlineTimer timer;

    StreamWriters(Loop loop, ListenerSettings.Timeouts timeouts, Http2Connection connection) {
        this.loop = loop;
        this.timeouts = timeouts;
        this.connection = connection;
        this.timer = new DeadlineTimer(loop, this::wake);
    }

    void add(StreamWriter writer) {
        writers.add(writer);
    }

    /** The stream with that number has ended: nothing more is written on it. */
    void closed(int stream) {
        for (StreamWriter writer : writers) {
            if (writer.stream() == stream) {
                writer.cancel();
            }
        }
    }

    /** Lets all ask for more content that have room; answers whether some has come. */
    boolean refill() {
        boolean more = false;
        for (int i = 0;
                i < writers.size();
                i++) { // one that fails may end others: none is added, and none removed, meanwhile
            more |= writers.get(i).refill();
        }
        return more;
    }

    /** After a write: forgets those that are over, and gives the others time to be taken. */
    void look() {
        if (writers.isEmpty()) {
            return;
        }
        writers.removeIf(StreamWriter::isOver);
        long now = writers.isEmpty() ? 0 : loop.nanos();
        for (StreamWriter writer : writers) {
            if (!writer.isStalled()) {
                writer.due(RequestStream.NEVER);
            } else if (writer.hasMoved() || writer.due() == RequestStream.NEVER) {
                writer.due(now + timeouts.write().toNanos());
                wakeBy(writer.due());
            }
        }
    }

    /** Sees to it that deadlines are looked at by {@code deadline}, on the loop's clock. */
    void wakeBy(long deadline) {
        timer.wakeBy(deadline);
    }

    private void wake() {
        long now = loop.nanos();
        for (StreamWriter writer : List.copyOf(writers)) {
            if (writer.due() != RequestStream.NEVER) {
                if (writer.due() - now > 0) {
                    wakeBy(writer.due());
                } else if (writer.isStalled()) {
                    connection.codec().reset(writer.stream(), Http2Error.CANCEL);
                }
            }
        }
        for (StreamDelivery delivery : connection.deliveries()) {
            long due = delivery.check(now);
            if (due != RequestStream.NEVER) {
                wakeBy(due);
            }
        }
    }

    /** Nothing happens any more. */
    void stop() {
        writers.clear();
        timer.stop();
    }
}
