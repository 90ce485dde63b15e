package io.larder.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * The least that a gateway on Netty can cost: one event loop that answers every request with one prepared buffer.
 *
 * <p>{@code NettyFloor PORT raw} takes a read that ends with an empty line for one request and parses nothing;
 * {@code NettyFloor PORT codec} parses with Netty's HTTP request decoder. Both answer the 1 KB body of the benchmark's
 * origin on loopback, until they are ended by a signal.
 */
public final class NettyFloor {
    private static final int EMPTY_LINE = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private NettyFloor() {}

    /** Serves on port {@code args[0]} in mode {@code args[1]}, {@code raw} or {@code codec}. */
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[0]);
        boolean parsing = switch (args[1]) {
            case "raw" -> false;
            case "codec" -> true;
            default -> throw new IllegalArgumentException("mode: raw or codec, not " + args[1]);
        };
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connections(parsing, answer()))
                .bind("127.0.0.1", port)
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }

    private static ByteBuf answer() {
        String body = "0123456789abcdef".repeat(64);
        String head = "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + body.length() + "\r\nCache-Control: public, max-age=86400\r\n"
                + "X-Origin-Answer: prepared\r\nAge: 1\r\n\r\n";
        byte[] bytes = (head + body).getBytes(StandardCharsets.US_ASCII);
        ByteBuf prepared = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        return Unpooled.unreleasableBuffer(prepared);
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        private final boolean parsing;
        private final ByteBuf answer;

        Connections(boolean parsing, ByteBuf answer) {
            this.parsing = parsing;
            this.answer = answer;
        }

        @Override
        protected void initChannel(Channel channel) {
            // The decoder alone: HttpServerCodec notes each request's method for its encoder, which prepared bytes pass
            // by.
            if (parsing) {
                channel.pipeline().addLast(new HttpRequestDecoder());
            }
            channel.pipeline().addLast(new Answering(answer));
        }
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {
        private final ByteBuf answer;

        Answering(ByteBuf answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof LastHttpContent || (message instanceof ByteBuf bytes && endsRequest(bytes))) {
                context.write(answer.duplicate(), context.voidPromise());
            }
            ReferenceCountUtil.release(message);
        }

        private static boolean endsRequest(ByteBuf bytes) {
            return bytes.readableBytes() >= 4 && bytes.getInt(bytes.writerIndex() - 4) == EMPTY_LINE;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
