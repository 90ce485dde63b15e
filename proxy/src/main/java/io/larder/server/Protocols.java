package io.larder.server;

import io.larder.exchange.Client;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** Which handlers speak which protocol: the one place where what was agreed on by ALPN leads to a pipeline. */
final class Protocols {
    /** Its name in ALPN. */
    static final String HTTP_1_1 = "http/1.1";

    private Protocols() {}

    /**
     * Lets a connection on which TLS stands speak what it has agreed on.
     *
     * @param handshaking the last handler of the pipeline so far, in whose place another comes
     */
    static void begin(
            Channel channel, LoopContext context, Client client, Secured secured, ChannelHandler handshaking) {
        // another protocol that a listener offers gets its handlers here: switch over secured.protocol()
        Http1Connection connection = new Http1Connection(channel, context, client, true, secured);
        channel.pipeline().replace(handshaking, null, connection);
        connection.opened();
    }

    /** Lets a connection in the clear speak HTTP/1.1. */
    static void begin(Channel channel, LoopContext context, Client client, boolean admitted) {
        channel.pipeline().addLast(new Http1Connection(channel, context, client, admitted, null));
    }
}
