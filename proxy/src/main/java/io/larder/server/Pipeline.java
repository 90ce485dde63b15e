package io.larder.server;

import io.larder.exchange.Client;
import io.larder.exchange.Telemetry.Turned;
import io.larder.http.Cidr;
import io.larder.http.IpLiteral;
import io.larder.netty.Loops;
import io.larder.server.connection.ClientCount;
import io.larder.server.connection.ConnectionCount;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.LoopContext;
import io.larder.server.proxyprotocol.ProxyPreface;
import io.larder.server.tls.Termination;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.List;

/** Makes a connection of every socket that is accepted: the one place that puts handlers in its pipeline. */
@Sharable
final class Pipeline extends ChannelInitializer<Channel> {
    private static final int SPARE = 256; // connections past the limit that are told so; those beyond are just closed

    private final Loops loops;
    private final List<Reception> receptions;
    private final ConnectionCount count;
    private final ClientCount clients;

    /** @param receptions one a loop, in the loops' order */
    Pipeline(Loops loops, List<Reception> receptions, ConnectionCount count, ClientCount clients) {
        this.loops = loops;
        this.receptions = receptions;
        this.count = count;
        this.clients = clients;
    }

    @Override
    protected void initChannel(Channel channel) {
        int open = count.enter();
        ChannelFutureListener leave = closed -> count.leave();
        channel.closeFuture().addListener(leave);
        LoopContext context =
                receptions.get(loops.of(channel.eventLoop()).number()).present();
        int limit = context.settings().connections();
        if (open > limit + SPARE || !(channel.remoteAddress() instanceof InetSocketAddress peer)) {
            turnAway(channel, context, Turned.CONNECTION_LIMIT); // or it has gone again, and has no address
            return;
        }
        boolean admitted = open <= limit;
        if (!context.settings().entrance().proxied()) {
            begin(channel, context, peer, admitted);
        } else if (context.serving().proxies().get().include(peer.getAddress())) {
            channel.pipeline()
                    .addLast(new ProxyPreface(
                            context, source -> begin(channel, context, source == null ? peer : source, admitted)));
        } else {
            turnAway(channel, context, Turned.PROXY_UNTRUSTED);
        }
    }

    /** It is known whose connection it is. */
    private void begin(Channel channel, LoopContext context, InetSocketAddress source, boolean admitted) {
        ListenerSettings.Entrance entrance = context.settings().entrance();
        if (entrance.countsClients() && !enters(channel, source, entrance.perClient())) {
            turnAway(channel, context, Turned.CLIENT_LIMIT);
            return;
        }
        int localPort = ((InetSocketAddress) channel.localAddress()).getPort();
        String literal = IpLiteral.text(source.getAddress().getAddress());
        Client client = new Client(source, literal, context.settings().name(), localPort);
        Termination tls = context.settings().tls();
        if (tls == null) {
            Negotiation.begin(channel, context, client, admitted);
        } else if (admitted) {
            channel.pipeline().addLast(new Hello(context, tls), new Handshaking(channel, context, client, tls));
        } else {
            // a handshake only to say that there are too many would make it worse
            turnAway(channel, context, Turned.CONNECTION_LIMIT);
        }
    }

    private boolean enters(Channel channel, InetSocketAddress source, int most) {
        Cidr client = ClientCount.client(source.getAddress());
        int own = clients.enter(client);
        ChannelFutureListener leave = closed -> clients.leave(client);
        channel.closeFuture().addListener(leave);
        return own <= most;
    }

    private static void turnAway(Channel channel, LoopContext context, Turned why) {
        context.telemetry().turnedAway(why);
        channel.close();
    }
}
