package io.larder.server.h1;

import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Response;
import io.larder.netty.Buffers;
import io.larder.server.connection.Backlog;
import io.larder.server.connection.ConnectionTimers;
import io.larder.server.connection.Delimitation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * The way out of one connection: gathers what is written in one turn of the loop into one flush. Nothing is held back
 * beyond the turn. Confined to its loop.
 */
final class Outbox implements Runnable {
    private final Channel channel;
    private final Loop loop;
    private final ConnectionTimers timers;
    private final Backlog backlog;
    private boolean reading; // inside a read of the channel, whose end flushes
    private boolean scheduled;
    private boolean dirty;

    Outbox(Channel channel, Loop loop, ConnectionTimers timers) {
        this.channel = channel;
        this.loop = loop;
        this.timers = timers;
        this.backlog = Backlog.of(channel);
    }

    /** A buffer to write into, to be handed to {@link #write}. */
    ByteBuf buffer(int room) {
        return channel.alloc().directBuffer(room);
    }

    /** Writes {@code bytes}, which are the channel's from now on. */
    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
        touch();
    }

    /** Writes {@code bytes}, which are the channel's from now on, and tells {@code written} when the kernel has them. */
    void writeLast(ByteBuf bytes, ChannelFutureListener written) {
        channel.write(bytes).addListener(written);
        touch();
    }

    /** Writes a response whose content is all here, and small, in one buffer. */
    void writeWhole(
            Response response, Delimitation delimitation, ResponseHeads.Persistence persistence, byte[] dateLine) {
        boolean withContent = delimitation instanceof Delimitation.Length;
        int length = withContent ? (int) response.body().length() : 0;
        ByteBuf out = buffer(ResponseHeads.room(response) + length);
        ResponseHeads.write(out, response, delimitation, persistence, dateLine);
        if (withContent && response.body() instanceof Body.Whole whole) {
            Buffers.copy(whole.bytes(), out);
        }
        write(out);
    }

    /** Whether the client takes bytes fast enough for more. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** A read of the channel begins: everything written until {@link #readEnded} leaves together. */
    void readBegan() {
        reading = true;
    }

    void readEnded() {
        reading = false;
        flushIfDirty();
    }

    /** Bytes written that the client has still to take, or rather the kernel. */
    long backlog() {
        return backlog.backlog();
    }

    /** As {@link Backlog#taken}. */
    long taken() {
        return backlog.taken();
    }

    /** The end of a turn of the loop. */
    @Override
    public void run() {
        scheduled = false;
        flushIfDirty();
    }

    private void touch() {
        dirty = true;
        if (!reading && !scheduled) {
            scheduled = true;
            loop.execute(this);
        }
    }

    private void flushIfDirty() {
        if (dirty) {
            dirty = false;
            channel.flush();
            if (backlog() != 0) {
                timers.watchWrites();
            }
        }
    }
}
