package io.larder.server;

import io.larder.exchange.Client;
import io.larder.netty.Loops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Makes a connection of every socket that is accepted: the one place that puts handlers in its pipeline. */
@Sharable
final class Pipeline extends ChannelInitializer<Channel> {
    private static final int SPARE = 256; // connections past the limit that are told so; those beyond are just closed

    private final Loops loops;
    private final List<Reception> receptions;
    private final ConnectionCount count;

    /** @param receptions one a loop, in the loops' order */
    Pipeline(Loops loops, List<Reception> receptions, ConnectionCount count) {
        this.loops = loops;
        this.receptions = receptions;
        this.count = count;
    }

    @Override
    protected void initChannel(Channel channel) {
        int open = count.enter();
        ChannelFutureListener leave = closed -> count.leave();
        channel.closeFuture().addListener(leave);
        LoopContext context =
                receptions.get(loops.of(channel.eventLoop()).number()).present();
        int limit = context.settings().connections();
        boolean known = channel.remoteAddress() instanceof InetSocketAddress; // not when it has gone again
        if (open > limit + SPARE || !known) {
            channel.close();
            return;
        }
        Client client = client(channel, context.settings().name());
        channel.pipeline().addLast(new Http1Connection(channel, context, client, open <= limit));
    }

    /**
     * Lets {@code client} speak HTTP/2 on {@code channel}: the one place where that begins, be it by its preface or by ALPN.
     *
     * @param instead the handler of {@code channel} that read so far, which is replaced; octets that it has read are to be read again
     * @param scheme how clients reach this connection: {@code http} or {@code https}
     * @param admitted false for one connection too many: it is told so and closed
     * @return where the octets of the connection, its preface first, are read from now on
     */
    static ChannelHandlerContext speakHttp2(
            Channel channel,
            ChannelHandler instead,
            LoopContext context,
            Client client,
            String scheme,
            boolean admitted) {
        Http2Connection connection = new Http2Connection(channel, context, client, scheme);
        Http2Codec codec = connection.codec();
        channel.pipeline().replace(instead, "http2", codec);
        if (admitted) {
            connection.open();
        } else {
            connection.refuse();
        }
        return codec.context();
    }

    private static Client client(Channel channel, String listener) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        int localPort = ((InetSocketAddress) channel.localAddress()).getPort();
        return new Client(peer, literal(peer.getAddress()), listener, localPort);
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
