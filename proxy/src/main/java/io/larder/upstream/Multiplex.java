package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.exchange.Loop;
import io.larder.http.Request;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a server: many requests at once, each on a stream of its own. Confined to its loop.
 *
 * <p>It is lent once the server's settings have come, which tell that there is a server of HTTP/2 at all, and no more when
 * the server goes away, or is silent where it should speak. Then it lasts as long as its streams.
 */
final class Multiplex implements Passage {
    /** Whom it belongs to. */
    interface Owner {
        /** Requests may be sent. */
        void ready(Multiplex connection);

        /** It carries no request any more, or one again, or never will. */
        void idle(boolean idle);

        /** More requests may find room, here or on another one. */
        void roomier();

        /** It is closed, or about to be, whoever wanted that. Comes once. */
        void closed(Multiplex connection, Failure why);
    }

    private enum State {
        /** The server's settings have not come. */
        GREETING,
        OPEN,
        /** No request is sent any more. */
        DRAINING,
        CLOSED
    }

    /** More on one connection would be a queue in the server, and its windows more memory than we give. */
    static final int MOST_STREAMS = 100;

    private final Channel channel;
    private final Loop loop;
    private final Owner owner;
    private final String scheme;
    private final MultiplexCodec codec;
    private final Alarm alarm;
    private final IntObjectMap<StreamCall> calls = new IntObjectHashMap<>();
    private final long idleLimit;
    private final long born;
    private long heard; // when the server last sent anything
    private boolean used;
    private boolean shared;
    private boolean idle; // as the owner knows
    private boolean greeted;
    private boolean takesTunnels;
    private int tunnels; // calls that are streams of another protocol by now
    private State state = State.GREETING;

    /**
     * @param scheme that requests are sent with
     * @param idle how long it may be kept unused
     */
    Multiplex(
            Channel channel,
            Loop loop,
            Owner owner,
            String scheme,
            UpstreamSettings.Responses responses,
            Duration idle) {
        this.channel = channel;
        this.loop = loop;
        this.owner = owner;
        this.scheme = scheme;
        this.idleLimit = idle.toNanos();
        this.alarm = new Alarm(loop, this::due);
        this.born = loop.nanos();
        this.heard = born;
        this.codec = MultiplexCodec.of(this, responses.limits().total());
    }

    /** Sends our settings, and waits {@code limit} for the server's. */
    void greet(Duration limit) {
        alarm.set(loop.nanos() + limit.toNanos());
        channel.pipeline().addLast(codec);
        channel.config().setAutoRead(true); // what is read is bounded by the windows we open
        channel.flush();
    }

    Channel channel() {
        return channel;
    }

    String scheme() {
        return scheme;
    }

    /** Whether the server takes an extended CONNECT (RFC 8441). */
    boolean takesTunnels() {
        return takesTunnels;
    }

    /** When it was made, on the loop's clock. */
    long born() {
        return born;
    }

    /** Requests that it carries. */
    int load() {
        return calls.size();
    }

    /** Whether one more request may be sent now. */
    boolean hasRoom() {
        return state == State.OPEN && channel.isActive() && codec.hasRoom(MOST_STREAMS);
    }

    /** Whether requests may be sent on it, if not at this moment. */
    boolean isLasting() {
        return state == State.OPEN;
    }

    /** Whether nothing keeps it but tunnels, which may last for days. */
    boolean isLeftToTunnels() {
        return state == State.DRAINING && calls.size() == tunnels;
    }

    /** A call has become a tunnel ({@code 1}), or one has ended ({@code -1}). */
    void tunnelled(int more) {
        tunnels += more;
    }

    /** Whether it was ever of use. */
    boolean isGreeted() {
        return greeted;
    }

    /** Whether it has carried more than one request. */
    boolean isShared() {
        return shared;
    }

    @Override
    public boolean isReused() {
        return used;
    }

    @Override
    public Call call(Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome) {
        return new StreamCall(this, request, exchange, settings, outcome);
    }

    /**
     * Opens a stream for {@code call}.
     *
     * @param ends the head is all of the request
     * @throws Failure where the server would not take such a head; nothing has been sent
     */
    int open(StreamCall call, Http2Headers head, boolean ends) {
        int stream = codec.open(head, ends);
        shared = used;
        used = true;
        calls.put(stream, call);
        if (calls.size() == 1) {
            alarm.set(Alarm.NEVER);
            tell(false);
        }
        return stream;
    }

    ChannelFuture write(int stream, ByteBuf data, boolean ends) {
        return codec.write(stream, data, ends);
    }

    ChannelFuture writeTrailers(int stream, Http2Headers trailers) {
        return codec.writeTrailers(stream, trailers);
    }

    boolean isWritable(int stream) {
        return codec.isWritable(stream);
    }

    /** The server may send so much more. */
    void consume(int stream, int octets) {
        codec.consume(stream, octets);
    }

    void flush() {
        channel.flush();
    }

    /**
     * The call on {@code stream} is over.
     *
     * @param code what the server is told; {@link Http2Error#NO_ERROR} where it has said all, and it is told nothing unless we
     *     have not
     */
    void leave(int stream, Http2Error code) {
        if (calls.remove(stream) == null) {
            return;
        }
        if (state != State.CLOSED) {
            codec.leave(stream, code);
        }
        left();
    }

    /** The call on {@code stream} is over, and the server is told nothing: it has reset the stream (RFC 9113 §5.4.2). */
    void forget(int stream) {
        if (calls.remove(stream) != null) {
            left();
        }
    }

    private void left() {
        if (calls.isEmpty() && state != State.CLOSED) {
            unused();
        }
    }

    private void unused() {
        if (state == State.DRAINING || idleLimit <= 0) {
            close(gone("it is not used any more"));
        } else {
            alarm.set(loop.nanos() + idleLimit);
            tell(true);
        }
    }

    private void tell(boolean now) {
        if (idle != now) {
            idle = now;
            owner.idle(now);
        }
    }

    /** Carries no further requests; is closed with the last one that it has. */
    void drain() {
        if (state == State.OPEN) {
            state = State.DRAINING;
            if (calls.isEmpty()) {
                close(gone("it is not used any more"));
            } else {
                owner.roomier();
            }
        }
    }

    /** A request has waited since {@code since} in vain: if nothing at all has come, the server may not be there any more. */
    void suspect(long since) {
        if (heard - since < 0) {
            drain();
        }
    }

    /** The server has sent something. */
    void hear() {
        heard = loop.nanos();
    }

    /** The server's settings have come, or have changed. */
    void settled(Http2Settings settings) {
        takesTunnels |= Boolean.TRUE.equals(settings.connectProtocolEnabled()); // and never takes it back (RFC 8441 §3)
        if (state == State.GREETING) {
            state = State.OPEN;
            greeted = true;
            alarm.set(loop.nanos() + idleLimit);
            tell(true);
            owner.ready(this);
        } else {
            owner.roomier();
        }
    }

    /** The call on {@code stream}; null where it is over. */
    @Nullable
    StreamCall on(int stream) {
        return calls.get(stream);
    }

    /** The server goes away, and will not read the streams behind {@code last} (RFC 9113 §6.8). */
    void goingAway(int last) {
        if (state == State.GREETING) {
            close(gone("the server goes away at once"));
            return;
        }
        state = state == State.OPEN ? State.DRAINING : state;
        Failure unread =
                new Failure(Kind.CONNECTION_TERMINATED, "the server went away before it read the request", true);
        for (int stream : streams()) {
            StreamCall call = stream > last ? calls.get(stream) : null;
            if (call != null) {
                call.lost(unread);
            }
        }
        if (calls.isEmpty()) {
            close(gone("the server went away"));
        } else {
            owner.roomier();
        }
    }

    /** The streams' number has shrunk. */
    void streamClosed(int stream) {
        StreamCall call = calls.get(stream);
        if (call != null) {
            call.lost(gone("the stream was closed"));
        }
        owner.roomier();
    }

    /** The connection is gone. */
    void lost(Failure why) {
        close(why);
    }

    private void due() {
        close(
                state == State.GREETING
                        ? new Failure(
                                Kind.CONNECTION_TIMEOUT, "the server's HTTP/2 settings did not come in time", true)
                        : gone("it was not used any more"));
    }

    private void close(Failure why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        alarm.cancel();
        tell(false);
        owner.closed(this, why);
        for (int stream : streams()) {
            StreamCall call = calls.get(stream);
            if (call != null) {
                call.lost(why);
            }
        }
        codec.close();
    }

    private List<Integer> streams() {
        return List.copyOf(calls.keySet());
    }

    private static Failure gone(String why) {
        return new Failure(Kind.CONNECTION_TERMINATED, why);
    }
}
