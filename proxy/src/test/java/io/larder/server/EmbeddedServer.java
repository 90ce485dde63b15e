package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;
import io.larder.server.connection.Connections;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.LoopContext;
import io.larder.server.connection.Serving;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One connection without a socket, in virtual time; its end counts the memory that nobody released. */
final class EmbeddedServer implements AutoCloseable {
    private static final String STOP = "takes nothing";

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final ManualLoop loop = new ManualLoop();
    final EmbeddedChannel channel;
    final List<Telemetry.Outcome> outcomes = new ArrayList<>();
    final List<Integer> rejections = new ArrayList<>();
    private final LoopContext context;

    EmbeddedServer(Handler handler, ListenerSettings settings) {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 4711), "127.0.0.1", "test", 80);
        Serving serving = new Serving(() -> handler, telemetry(), () -> new RequestId(7));
        context = new LoopContext(loop, settings, serving);
        channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        Negotiation.begin(channel, context, client, true);
        channel.pipeline().fireChannelActive();
    }

    private Telemetry telemetry() {
        return new Telemetry() {
            @Override
            public void finished(Exchange exchange, Request request, Outcome outcome) {
                outcomes.add(outcome);
            }

            @Override
            public void rejected(Client client, int status, String reason) {
                rejections.add(status);
            }
        };
    }

    Connections connections() {
        return context.connections();
    }

    /** Receives {@code bytes} in one read. */
    EmbeddedServer receive(byte[] bytes, int from, int to) {
        if (channel.isOpen() && from < to) {
            ByteBuf piece = channel.alloc().directBuffer(to - from).writeBytes(bytes, from, to - from);
            channel.writeInbound(piece);
            loop.run();
        }
        return this;
    }

    EmbeddedServer receive(String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return receive(bytes, 0, bytes.length);
    }

    /** The client ends its sending. */
    void endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        loop.run();
    }

    /** From now on the client takes nothing. */
    void stopTaking() {
        channel.pipeline().addFirst(STOP, new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {}
        });
    }

    /** It takes what there is, and what comes. */
    void takeAgain() {
        channel.pipeline().remove(STOP);
        channel.flush();
    }

    /** Bytes written that the client has not taken. */
    long pending() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    /** Everything that was sent since the last call. */
    String sent() {
        loop.run();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        loop.run();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes leaked")
                .isZero();
    }
}
