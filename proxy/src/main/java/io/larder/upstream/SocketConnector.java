package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import io.larder.netty.NettyLoop;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Makes connections that carry one request after the other.
 *
 * @param idle how long an unused connection may be kept
 */
record SocketConnector(NettyLoop loop, Dialer dialer, Duration idle) implements Connector {
    @Override
    public void connect(Connection.Owner owner, Client client, Duration limit, Receiver receiver) {
        dialer.dial(client, limit, new Dialer.Receiver() {
            @Override
            public void connected(Channel channel) {
                Connection connection = new Connection(channel, loop, owner, idle);
                channel.pipeline().addLast(connection);
                receiver.connected(connection);
            }

            @Override
            public void failed(Failure why) {
                receiver.failed(why);
            }
        });
    }
}
