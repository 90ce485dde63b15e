package io.larder.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of a client of HTTP/3, and what comes of it. */
public final class Http3Exchange extends ChannelInboundHandlerAdapter {
    private static final int PATIENCE_SECONDS = 10;

    /** Something that came. */
    public sealed interface Event {
        record Head(Map<String, String> fields) implements Event {
            public String status() {
                return String.valueOf(fields.get(":status"));
            }
        }

        record Data(String text) implements Event {}

        record End() implements Event {}

        record Reset(long code) implements Event {}

        record Closed() implements Event {}
    }

    /** A whole response; {@code trailers} are empty where there were none. */
    public record Answer(Event.Head head, String text, Map<String, String> trailers) {
        public String status() {
            return head.status();
        }

        public String field(String name) {
            return head.fields().getOrDefault(name, "");
        }
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private @Nullable QuicStreamChannel channel;
    private @Nullable ChannelFuture last;

    void begin(QuicStreamChannel opened) {
        channel = opened;
    }

    private QuicStreamChannel stream() {
        QuicStreamChannel opened = channel;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }

    /** The fields of a request for localhost, and {@code more}, names and values in turn. */
    public static String[] request(String method, String path, String... more) {
        String[] all = new String[8 + more.length];
        String[] first = {":method", method, ":scheme", "https", ":authority", "localhost", ":path", path};
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    /** Sends fields: names and values in turn; {@code ends}: nothing follows. */
    public Http3Exchange head(boolean ends, String... fields) {
        Http3Headers headers = new DefaultHttp3Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(AsciiString.of(fields[i]), AsciiString.of(fields[i + 1]));
        }
        last = stream().writeAndFlush(new DefaultHttp3HeadersFrame(headers));
        return ends ? end() : this;
    }

    public Http3Exchange data(boolean ends, String latin1) {
        ByteBuf octets = Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
        last = stream().writeAndFlush(new DefaultHttp3DataFrame(octets));
        return ends ? end() : this;
    }

    /** Sends octets as they are, on a stream without a codec. */
    public Http3Exchange octets(byte... octets) {
        last = stream().writeAndFlush(Unpooled.copiedBuffer(octets));
        return this;
    }

    public Http3Exchange end() {
        ChannelFuture written = last;
        if (written == null) {
            stream().shutdownOutput();
        } else {
            written.addListener(done -> stream().shutdownOutput()); // which would pass by what waits
        }
        return this;
    }

    /** Breaks both directions off. */
    public Http3Exchange cancel() {
        stream().shutdown(0x10c).syncUninterruptibly();
        return this;
    }

    /** Breaks off what is sent. */
    public Http3Exchange stopSaying() {
        stream().shutdownOutput(0x10c).syncUninterruptibly();
        return this;
    }

    /** Wants to hear nothing more. */
    public Http3Exchange stopHearing() {
        stream().shutdownInput(0x10c).syncUninterruptibly();
        return this;
    }

    /** Reads only when {@link #read} is called. */
    public Http3Exchange slowly() {
        stream().config().setAutoRead(false);
        return this;
    }

    public void read() {
        stream().read();
    }

    /** Whether all that was written has left. */
    public boolean isWritable() {
        return stream().isWritable();
    }

    public long id() {
        return stream().streamId();
    }

    /** The next thing that comes. */
    public Event next() throws InterruptedException {
        Event next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    /** Whether nothing has come that was not asked for. */
    public boolean isQuiet() {
        return events.isEmpty();
    }

    public Event.Head nextHead() throws InterruptedException {
        Event next = next();
        if (next instanceof Event.Head head) {
            return head;
        }
        throw new AssertionError("not a head: " + next);
    }

    /** The final response, whole. */
    public Answer answer() throws InterruptedException {
        Event.Head head = nextHead();
        while (head.status().startsWith("1")) {
            head = nextHead();
        }
        StringBuilder text = new StringBuilder();
        Map<String, String> trailers = Map.of();
        for (Event event = next(); !(event instanceof Event.End); event = next()) {
            switch (event) {
                case Event.Data data -> text.append(data.text());
                case Event.Head fields -> trailers = fields.fields();
                default -> throw new AssertionError("the response broke off: " + event + " behind " + text.length());
            }
        }
        return new Answer(head, text.toString(), trailers);
    }

    /** The next {@code length} octets of content, or fewer at the end. */
    public String text(int length) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length && next() instanceof Event.Data data) {
            text.append(data.text());
        }
        return text.toString();
    }

    /** The code by which the server has reset this, whatever came before. */
    public long resetCode() throws InterruptedException {
        Event event = next();
        while (!(event instanceof Event.Reset)) {
            if (event instanceof Event.Closed || event instanceof Event.End) {
                throw new AssertionError("no reset, but " + event);
            }
            event = next();
        }
        return ((Event.Reset) event).code();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http3HeadersFrame frame) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
                fields.merge(
                        field.getKey().toString(), field.getValue().toString(), (one, other) -> one + " | " + other);
            }
            events.add(new Event.Head(fields));
        } else if (message instanceof Http3DataFrame frame) {
            events.add(new Event.Data(frame.content().toString(StandardCharsets.ISO_8859_1)));
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            events.add(new Event.End());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset) {
            events.add(new Event.Reset(reset.applicationProtocolCode()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add(new Event.Closed());
    }
}
