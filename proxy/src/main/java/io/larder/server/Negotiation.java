package io.larder.server;

import io.larder.exchange.Client;
import io.larder.server.connection.Downstream;
import io.larder.server.connection.LoopContext;
import io.larder.server.h1.Http1Connection;
import io.larder.server.h2.Http2Codec;
import io.larder.server.h2.Http2Connection;
import io.larder.server.tls.Secured;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/** Which handlers speak which protocol: the one place where what was agreed on leads to a pipeline. */
final class Negotiation {
    /** Its name in ALPN (RFC 7301). */
    static final String HTTP_1_1 = "http/1.1";

    /** As that, over TLS (RFC 9113 §3.2). */
    static final String HTTP_2 = "h2";

    private Negotiation() {}

    /**
     * Lets a connection on which TLS stands speak what it has agreed on.
     *
     * @param handshaking the last handler of the pipeline so far, in whose place another comes
     */
    static void begin(
            Channel channel, LoopContext context, Client client, Secured secured, ChannelHandler handshaking) {
        if (secured.protocol().equals(HTTP_2)) {
            speakHttp2(channel, handshaking, context, new Downstream(client, secured));
            return;
        }
        Http1Connection connection = http1(channel, context, new Downstream(client, secured), true);
        channel.pipeline().replace(handshaking, null, connection);
        connection.opened();
    }

    /** Lets a connection in the clear speak HTTP/1.1, or whatever it begins with. */
    static void begin(Channel channel, LoopContext context, Client client, boolean admitted) {
        channel.pipeline().addLast(http1(channel, context, new Downstream(client, null), admitted));
    }

    private static Http1Connection http1(
            Channel channel, LoopContext context, Downstream downstream, boolean admitted) {
        return new Http1Connection(channel, context, downstream, admitted, (predecessor, received) -> {
            ChannelHandlerContext codec = speakHttp2(channel, predecessor, context, downstream);
            try {
                ((Http2Codec) codec.handler()).channelRead(codec, received);
            } catch (Exception bug) {
                codec.pipeline().fireExceptionCaught(bug);
            }
        });
    }

    /**
     * Lets a client speak HTTP/2 on {@code channel}: the one place where that begins, be it by its preface or by ALPN.
     *
     * @param instead the handler of {@code channel} that read so far, which is replaced; octets that it has read are to be read again
     * @return where the octets of the connection, its preface first, are read from now on
     */
    private static ChannelHandlerContext speakHttp2(
            Channel channel, ChannelHandler instead, LoopContext context, Downstream downstream) {
        Http2Connection connection = new Http2Connection(channel, context, downstream);
        Http2Codec codec = connection.codec();
        channel.pipeline().replace(instead, "http2", codec);
        connection.open();
        return codec.context();
    }
}
