package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.server.connection.ListenerSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 with a client that is not ours: Netty's own, with a channel a stream. */
class Http2ClientTest {
    private static final Handler ECHO =
            (request, exchange) -> Readers.readAll(request).thenCompose(read -> TestServer.text(read.text()));

    /** What comes back on a stream, and when it is whole. */
    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean ends = switch (message) {
                case Http2HeadersFrame head -> {
                    text.append(head.headers().status()).append(' ');
                    yield head.isEndStream();
                }
                case Http2DataFrame data -> {
                    text.append(data.content().toString(StandardCharsets.US_ASCII));
                    yield data.isEndStream();
                }
                default -> false;
            };
            ReferenceCountUtil.release(message);
            if (ends) {
                whole.complete(text.toString());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            whole.completeExceptionally(new AssertionError("the stream ended after " + text));
        }
    }

    private static CompletableFuture<String> post(Channel connection, String body) throws Exception {
        Answer answer = new Answer();
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(connection)
                .handler(answer)
                .open()
                .get(10, TimeUnit.SECONDS);
        stream.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .authority("a.example")
                        .path("/p"),
                false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII), true));
        return answer.whole;
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void manyRequestsWithContentOfAllSizes(Transport transport) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 10_000_000, TestServer.timeouts(60_000));
        try (TestServer server = new TestServer(ECHO, settings, new Loops(transport, 1))) {
            Channel connection = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(Http2FrameCodecBuilder.forClient().build())
                                    .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                        }
                    })
                    .connect(server.listener.address())
                    .sync()
                    .channel();
            for (int round = 0; round < 10; round++) {
                List<CompletableFuture<String>> answers = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    answers.add(post(connection, ("body " + i).repeat(i * i)));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
                            .isEqualTo("200 " + ("body " + i).repeat(i * i));
                }
            }
            String large = "0123456789abcdef".repeat(256 * 1024);
            assertThat(post(connection, large).get(60, TimeUnit.SECONDS)).isEqualTo("200 " + large);
            assertThat(server.rejected).isEmpty();
            connection.close().sync();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }
}
