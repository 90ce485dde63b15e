package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.netty.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialerTest {
    /** A socket that cannot be had, as when file descriptors have run out. */
    public static final class NoSocket extends NioSocketChannel {
        public NoSocket() {
            super(none());
        }

        private static SelectorProvider none() {
            throw new ChannelException("too many open files");
        }
    }

    /** Netty answers for such a socket on a thread of its own, where nothing of ours may run. */
    @Test
    void aSocketThatCannotBeHadIsToldOnTheLoopAndNotHeldAgainstTheServer() throws Exception {
        Loops loops = new Loops(Transport.NIO, 1);
        NettyLoop loop = loops.all().get(0);
        CompletableFuture<Failure> failure = new CompletableFuture<>();
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        Dialer.Receiver receiver = new Dialer.Receiver() {
            @Override
            public void connected(Channel channel) {
                failure.cancel(false);
            }

            @Override
            public void failed(Failure why) {
                onLoop.complete(loop.eventLoop().inEventLoop());
                failure.complete(why);
            }
        };
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 9);
        Client client = new Client(address, "127.0.0.1", "web", 80);
        Dialer dialer = new Dialer(loop, Dialer.bootstrap(NoSocket.class, address), address, Access.Preface.OFF, null);
        loop.execute(() -> dialer.dial(client, Duration.ofSeconds(1), receiver));
        assertThat(failure.get(10, TimeUnit.SECONDS).kind()).isEqualTo(Failure.Kind.CONNECTION_LIMIT);
        assertThat(failure.get().isUnsent()).isTrue();
        assertThat(onLoop.get()).isTrue();
        loops.closeAndWait(Duration.ofSeconds(5));
    }
}
