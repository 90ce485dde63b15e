package io.larder.server.h2;

import io.larder.exchange.Loop;
import io.larder.server.connection.Backlog;
import io.larder.server.connection.ClientConnection;
import io.larder.server.connection.ConnectionTimers;
import io.larder.server.connection.Downstream;
import io.larder.server.connection.Flood;
import io.larder.server.connection.FloodWatch;
import io.larder.server.connection.Floods;
import io.larder.server.connection.LoopContext;
import io.larder.server.stream.StreamDelivery;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of a client (RFC 9113): its streams, each a request, and how it ends. Confined to its loop.
 *
 * <p>It ends once, by {@link #end}: with a GOAWAY, after which nothing is read any more. Drained, it first lets in what was on
 * its way, and what it has finishes.
 */
public final class Http2Connection implements ClientConnection, ConnectionTimers.Expiry, FloodWatch {
    /** Requests at once. Those whose client has left count as long as anybody works for them (CVE-2025-8671). */
    static final int MOST_STREAMS = 100;

    private static final Duration LINGERING = Duration.ofSeconds(2);
    private static final long MOST_DROPPED = 256L * 1024;
    private static final Duration ROUND_TRIP = Duration.ofSeconds(1); // the longest that is waited for when drained
    private static final long LAST_CALL = 0x6c61726465720001L;

    private final Channel channel;
    private final LoopContext context;
    private final Downstream downstream;
    private final ConnectionTimers timers;
    private final Backlog backlog;
    private final Floods floods;
    private final Http2Codec codec;
    private final StreamWriters writers;
    private final Http2Intake intake;
    private final IntObjectMap<StreamDelivery> deliveries = new IntObjectHashMap<>();
    private int departed; // requests whose client has left, and that somebody still works for
    private boolean reading; // inside a read of the channel, whose end flushes
    private boolean scheduled;
    private long idleUntil; // on the loop's clock; only a request's end moves it
    private boolean owing; // the client has begun what it has not completed
    private long completeThen; // frames that were complete when that was last seen
    private long dropped;
    private boolean flooded;
    private boolean draining;
    private boolean calledLast;
    private boolean leaving; // the client goes away
    private boolean ended;

    public Http2Connection(Channel channel, LoopContext context, Downstream downstream) {
        this.channel = channel;
        this.context = context;
        this.downstream = downstream;
        this.timers = new ConnectionTimers(
                context.loop(), context.settings().timeouts().write(), this);
        this.backlog = Backlog.of(channel);
        this.floods = new Floods(context.loop());
        this.writers = new StreamWriters(context.loop(), context.settings().timeouts(), this);
        this.codec = Http2Codec.of(this, context.settings());
        this.intake = new Http2Intake(this, context);
    }

    public Http2Codec codec() {
        return codec;
    }

    Downstream downstream() {
        return downstream;
    }

    Http2Intake intake() {
        return intake;
    }

    LoopContext context() {
        return context;
    }

    /** Begins, once the codec is in the pipeline. */
    public void open() {
        context.connections().add(this);
        idleUntil = context.loop().nanos() + context.idleNanos();
        owing = true; // the client's settings come first (RFC 9113 §3.4)
        await(context.settings().timeouts().header());
        touch();
        if (context.connections().isDraining()) {
            drain();
        }
    }

    private void await(Duration time) {
        timers.await(context.loop().nanos() + time.toNanos());
    }

    // Streams.

    /** The delivery on {@code stream}; null where there is none any more. */
    @Nullable
    StreamDelivery on(int stream) {
        return deliveries.get(stream);
    }

    Iterable<StreamDelivery> deliveries() {
        return List.copyOf(deliveries.values());
    }

    /** Requests that somebody works for, whether or not their client is there. */
    int underWay() {
        return deliveries.size() + departed;
    }

    /** A request has come. */
    void enter(int stream, StreamDelivery delivery) {
        if (deliveries.isEmpty() && !owing) {
            timers.calm();
        }
        deliveries.put(stream, delivery);
    }

    /** {@code stream} has ended, whoever ended it. */
    void streamClosed(int stream) {
        StreamDelivery delivery = deliveries.get(stream);
        if (delivery != null) {
            delivery.gone();
        } else {
            writers.closed(stream); // a refusal's
            if (deliveries.isEmpty() && !ended) {
                idleUntil = context.loop().nanos() + context.idleNanos();
                rest();
            }
        }
    }

    /**
     * The delivery on {@code stream} is over.
     *
     * @param answered whether the client has got its answer
     */
    void leave(int stream, boolean answered) {
        if (answered) {
            floods.earn(Flood.RESETS, 1);
            floods.earn(Flood.PROVOKED_RESETS, 1);
            floods.earn(Flood.UNKNOWN_FRAMES, 1); // trailers that were on their way
        }
        if (deliveries.remove(stream) != null && deliveries.isEmpty() && !ended) {
            idleUntil = context.loop().nanos() + context.idleNanos();
            rest();
        }
    }

    private void rest() {
        if (calledLast || leaving) {
            end(Http2Error.NO_ERROR);
        } else if (!owing) {
            timers.await(idleUntil);
        }
    }

    /** The client of a request has left before it was answered; or the answer has come, for nobody. */
    void departed(int more) {
        departed += more;
    }

    StreamWriters writers() {
        return writers;
    }

    // The connection.

    @Override
    public boolean allow(Flood kind) {
        return floods.allow(kind);
    }

    @Override
    public void earn(Flood kind, int more) {
        floods.earn(kind, more);
    }

    @Override
    public boolean isRead() {
        return channel.isWritable();
    }

    @Override
    public void flooded(Flood kind) {
        if (!flooded) {
            flooded = true;
            context.telemetry().flooded(downstream.client(), "HTTP/2", kind.code());
        }
    }

    @Override
    public void drain() {
        if (!draining && !ended) {
            draining = true;
            codec.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR); // RFC 9113 §6.8: what is on its way is still read
            codec.ping(LAST_CALL);
            touch();
            context.loop().schedule(ROUND_TRIP, this::callLast);
        }
    }

    /** The client has answered a ping. */
    void pinged(long data) {
        if (draining && data == LAST_CALL) {
            callLast();
        }
    }

    private void callLast() {
        if (!calledLast && !ended) {
            calledLast = true;
            codec.goAway(codec.lastStream(), Http2Error.NO_ERROR);
            touch();
            if (deliveries.isEmpty()) {
                end(Http2Error.NO_ERROR);
            }
        }
    }

    /** The client opens no streams any more. */
    void clientGoesAway() {
        leaving = true;
        if (deliveries.isEmpty()) {
            end(Http2Error.NO_ERROR);
        }
    }

    /** Says goodbye, with the reason, and closes; requests that are under way are given up. */
    void end(Http2Error code) {
        if (!ended) {
            ended = true;
            giveUp();
            await(LINGERING); // what still comes is dropped, so that the client reads the reason instead of a reset
            codec.end(code, this::said);
        }
    }

    private void said(ChannelFuture written) {
        if (written.isSuccess() && channel instanceof DuplexChannel duplex && downstream.secured() == null) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    private void giveUp() {
        writers.stop();
        for (StreamDelivery delivery : deliveries()) {
            delivery.gone();
        }
    }

    /** So many octets came after the end. */
    void dropped(int octets) {
        dropped += octets;
        if (dropped > MOST_DROPPED) {
            channel.close();
        }
    }

    @Override
    public void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        if (downstream.secured() == null) {
            channel.close();
        } else {
            channel.unsafe().close(channel.newPromise()); // TLS would say goodbye first, to one who does not listen
        }
    }

    /** The connection is gone. */
    void gone() {
        ended = true;
        timers.stop();
        giveUp();
        context.connections().remove(this);
    }

    // Reading and writing.

    void readBegan() {
        reading = true;
    }

    /** All that was read has been looked at: what is written now leaves, what is written when that is done leaves by itself. */
    void readEnds() {
        reading = false;
    }

    /** All that was written in the read has left. */
    void readEnded() {
        if (ended) {
            return;
        }
        FrameProgress progress = codec.progress();
        boolean owed = progress.isOwed() || progress.complete() == 0;
        boolean more = progress.complete() != completeThen;
        if (owed && more && isIdleTooLong()) {
            end(Http2Error.NO_ERROR); // it completes one thing after the other, and no request
            return;
        }
        if (owed && (!owing || more)) {
            await(context.settings().timeouts().header());
        } else if (owing && !owed) {
            owing = false;
            timers.calm();
            if (deliveries.isEmpty()) {
                rest();
            }
        }
        owing = owed;
        completeThen = progress.complete();
        StreamDelivery arriving = deliveries.get(progress.arriving());
        if (arriving != null) {
            arriving.heard();
        }
    }

    private boolean isIdleTooLong() {
        return deliveries.isEmpty() && idleUntil - context.loop().nanos() <= 0;
    }

    /** Something is written: it leaves with the turn of the loop, or the read, in which it is. */
    void touch() {
        Loop loop = context.loop();
        if (!reading && !scheduled) {
            scheduled = true;
            loop.execute(this::leaveTogether);
        }
    }

    private void leaveTogether() {
        scheduled = false;
        if (channel.isActive()) {
            codec.flush(codec.context());
        }
    }

    /** Asks for more content where there is room; answers whether some has come. */
    boolean refill() {
        return !ended && writers.refill();
    }

    /** What was written is with the channel. */
    void flushed() {
        if (!ended) {
            writers.look();
        }
        if (backlog() != 0) {
            timers.watchWrites();
        }
    }

    @Override
    public void readExpired() {
        if (ended) {
            channel.close();
        } else {
            if (owing) {
                context.telemetry().rejected(downstream.client(), 408, "the request's head did not come in time");
            }
            end(Http2Error.NO_ERROR);
        }
    }

    @Override
    public void writeExpired() {
        reset();
    }

    @Override
    public long backlog() {
        return backlog.backlog();
    }

    @Override
    public long taken() {
        return backlog.taken();
    }
}
