package io.larder.server.h3;

import io.larder.exchange.Client;
import io.larder.server.connection.ClientConnection;
import io.larder.server.connection.ConnectionTimers;
import io.larder.server.connection.Downstream;
import io.larder.server.connection.Flood;
import io.larder.server.connection.FloodWatch;
import io.larder.server.connection.Floods;
import io.larder.server.connection.LoopContext;
import io.larder.server.stream.StreamHead;
import io.larder.server.stream.StreamIntake;
import io.larder.server.tls.Secured;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/3 connection of a client (RFC 9114): its streams, each a request, and how it ends. Confined to its loop.
 *
 * <p>Drained, it first lets in what was on its way, as one of HTTP/2 does. What QUIC has not delivered when a connection closes is
 * lost: after the last response it waits until that should have come.
 */
public final class Http3Connection extends ChannelInboundHandlerAdapter
        implements ClientConnection, ConnectionTimers.Expiry, FloodWatch {
    /** Requests at once; those whose client has left count as long as anybody works for them. */
    public static final int MOST_STREAMS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Http3Connection.class);
    private static final long LARGEST_STREAM = (1L << 62) - 4; // RFC 9114 §5.2
    private static final int BETWEEN_STREAMS = 4; // RFC 9000 §2.1
    private static final int MOST_TORN = 1000;
    private static final int ROUND_TRIPS = 3; // in which what was lost once is sent again
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final QuicChannel channel;
    private final LoopContext context;
    private final Client client;
    private final StreamIntake intake;
    private final ConnectionTimers timers;
    private final Floods floods;
    private final Set<Http3Stream> working = new HashSet<>(); // those with a request
    private int departed; // requests whose client has left, and that somebody still works for
    private int torn; // streams that one side has broken off: Netty keeps them as long as their connection
    private long nextStream; // that the client has not opened
    private boolean flooded;
    private boolean draining;
    private boolean calledLast;
    private boolean ended;

    private Http3Connection(QuicChannel channel, LoopContext context, Client client, Secured secured) {
        this.channel = channel;
        this.context = context;
        this.client = client;
        this.intake = new StreamIntake(new Downstream(client, secured), context);
        this.timers = new ConnectionTimers(
                context.loop(), context.settings().timeouts().write(), this);
        this.floods = new Floods(context.loop());
    }

    /** Lets {@code client} speak HTTP/3 on {@code channel}, whose handler so far is replaced. */
    static void begin(
            QuicChannel channel, ChannelHandler instead, LoopContext context, Client client, Secured secured) {
        Http3Connection connection = new Http3Connection(channel, context, client, secured);
        channel.pipeline().replace(instead, null, connection);
        long most = 2 * StreamHead.most(context.settings().head()); // what is a little too long can be answered
        Http3Settings settings = new Http3Settings()
                .enableConnectProtocol(true) // RFC 9220
                .maxFieldSectionSize(most)
                .qpackMaxTableCapacity(0)
                .qpackBlockedStreams(0);
        channel.pipeline()
                .addLast(
                        new Http3ServerConnectionHandler(
                                connection.new Streams(), null, null, new DefaultHttp3SettingsFrame(settings), true),
                        new Unheard());
        connection.open();
    }

    /** Gives each new stream of a request its handler. */
    @Sharable
    private final class Streams extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            Http3Gate gate = stream.pipeline().get(Http3Gate.class);
            stream.pipeline().addLast(new Http3Stream(Http3Connection.this, stream, gate));
        }
    }

    private void open() {
        context.connections().add(this);
        rest();
        if (context.connections().isDraining()) {
            drain();
        }
    }

    LoopContext context() {
        return context;
    }

    Client client() {
        return client;
    }

    StreamIntake intake() {
        return intake;
    }

    boolean isEnded() {
        return ended;
    }

    // Streams.

    /** The client has opened a stream; it comes by here before the codec gets it. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream) {
            boolean oneWay = stream.type() == QuicStreamType.UNIDIRECTIONAL;
            stream.pipeline().addLast(new Http3Gate(this, oneWay));
            if (!oneWay) {
                stream.config().setAutoRead(false); // what nobody asks for stays with the client
                nextStream = Math.max(nextStream, stream.streamId() + BETWEEN_STREAMS);
            }
        }
        ctx.fireChannelRead(message);
        if (message instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            stream.pipeline().addLast(new Unheard());
        }
    }

    /** Whether one more request may be answered; if not, {@code stream} is refused. */
    boolean admits(Http3Stream stream) {
        if (working.size() + departed >= MOST_STREAMS || calledLast) {
            stream.refuse(Http3Code.REQUEST_REJECTED);
            return false;
        }
        return true;
    }

    /** A request has come on {@code stream}. */
    void enter(Http3Stream stream) {
        working.add(stream);
        timers.calm();
    }

    /** The delivery on {@code stream} is over; {@code answered}: its client has got the answer. */
    void leave(Http3Stream stream, boolean answered) {
        if (answered) {
            floods.earn(Flood.RESETS, 1);
            floods.earn(Flood.PROVOKED_RESETS, 1);
            floods.earn(Flood.UNKNOWN_FRAMES, 1);
        }
        if (working.remove(stream) && working.isEmpty() && !ended) {
            rest();
        }
    }

    private void rest() {
        if (calledLast) {
            afterRoundTrips(() -> end(Http3Code.NO_ERROR));
        } else {
            timers.await(context.loop().nanos() + context.idleNanos());
        }
    }

    /** The client of a request has left before it was answered; or the answer has come, for nobody. */
    void departed(int more) {
        departed += more;
    }

    /** A stream was broken off by one side. */
    void torn() {
        if (++torn == MOST_TORN) {
            drain();
        }
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
        return true; // what cannot be sent waits with its stream
    }

    @Override
    public void flooded(Flood kind) {
        if (!flooded) {
            flooded = true;
            context.telemetry().flooded(client, "HTTP/3", kind.code());
        }
    }

    /** One more of {@code kind}: past what is allowed, it ends. */
    void count(Flood kind) {
        if (!ended && !allow(kind)) {
            flooded(kind);
            end(Http3Code.EXCESSIVE_LOAD);
        }
    }

    @Override
    public void drain() {
        if (!draining && !ended) {
            draining = true;
            goAway(LARGEST_STREAM); // RFC 9114 §5.2: what is on its way is still read
            afterRoundTrips(this::callLast);
        }
    }

    private void callLast() {
        if (!calledLast && !ended) {
            calledLast = true;
            goAway(nextStream);
            if (working.isEmpty()) {
                rest();
            }
        }
    }

    private void goAway(long stream) {
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(stream));
        }
    }

    private void afterRoundTrips(Runnable task) {
        channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
            QuicConnectionPathStats path = stats.isSuccess() ? stats.getNow() : null;
            Duration trips = path == null ? LONGEST_WAIT : Duration.ofNanos(ROUND_TRIPS * path.rtt());
            Duration shortened = trips.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : trips;
            context.loop().schedule(shortened.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : shortened, task);
        });
    }

    /** Says goodbye, with the reason, and closes; requests that are under way are given up. */
    void end(Http3Code code) {
        if (!ended) {
            if (code == Http3Code.NO_ERROR && !calledLast) {
                goAway(nextStream);
            }
            ended = true;
            giveUp();
            channel.close(true, code.number(), Unpooled.EMPTY_BUFFER);
        }
    }

    private void giveUp() {
        timers.stop();
        List.copyOf(working).forEach(Http3Stream::gone);
    }

    @Override
    public void reset() {
        end(Http3Code.INTERNAL_ERROR);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        giveUp();
        context.connections().remove(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean fromAfar = cause instanceof QuicException || cause instanceof IOException;
        if (!fromAfar) { // QUIC itself ends what cannot go on
            LOG.error("a connection of {} is closed because of a bug", client.address(), cause);
            end(Http3Code.INTERNAL_ERROR);
        }
    }

    /** It has been idle for long enough. */
    @Override
    public void readExpired() {
        end(Http3Code.NO_ERROR);
    }

    @Override
    public void writeExpired() {}

    @Override
    public long backlog() {
        return 0; // each stream has its own
    }

    @Override
    public long taken() {
        return 0;
    }
}
