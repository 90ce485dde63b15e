package io.larder.server;

import io.larder.exchange.Client;
import io.larder.exchange.Telemetry.Turned;
import io.larder.http.Cidr;
import io.larder.http.IpLiteral;
import io.larder.server.connection.ClientCount;
import io.larder.server.connection.ConnectionCount;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.LoopContext;
import io.larder.server.h3.Http3Handshaking;
import io.larder.server.tls.QuicTermination;
import io.larder.server.tls.Termination;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/**
 * Makes a connection of whatever begins as one on a UDP socket, or lets it fall: an answer would cost more than it is worth to
 * somebody who may not be where it seems. Confined to the socket's loop.
 */
@Sharable
final class QuicEntrance extends ChannelInitializer<Channel> {
    /** Handshakes under way past which clients have to show that they are where they seem to be. */
    private static final int UNPROVEN = 100;

    private final Reception reception;
    private final ConnectionCount count;
    private final ClientCount clients;
    private final BooleanSupplier accepting;
    private int handshakes;

    QuicEntrance(Reception reception, ConnectionCount count, ClientCount clients, BooleanSupplier accepting) {
        this.reception = reception;
        this.count = count;
        this.clients = clients;
        this.accepting = accepting;
    }

    /** Whether there are so many handshakes that some may be forged. */
    boolean isBusy() {
        return handshakes >= UNPROVEN;
    }

    /**
     * The first thing that is asked for a new connection: its TLS.
     *
     * @throws Turning where there is to be none
     */
    QuicSslEngine engine(QuicChannel channel) {
        LoopContext context = reception.present();
        ListenerSettings settings = context.settings();
        Termination tls = settings.tls();
        QuicTermination quic = tls == null ? null : tls.quic();
        if (!accepting.getAsBoolean() || quic == null || !settings.protocols().http3()) {
            throw new Turning();
        }
        if (count.value() >= settings.connections()) {
            context.telemetry().turnedAway(Turned.CONNECTION_LIMIT);
            throw new Turning();
        }
        if (settings.entrance().countsClients() && channel.remoteSocketAddress() instanceof InetSocketAddress source) {
            enter(channel, ClientCount.client(source.getAddress()), context);
        }
        return quic.engine(channel.alloc());
    }

    private void enter(QuicChannel channel, Cidr client, LoopContext context) {
        if (clients.enter(client) > context.settings().entrance().perClient()) {
            clients.leave(client);
            context.telemetry().turnedAway(Turned.CLIENT_LIMIT);
            throw new Turning();
        }
        ChannelFutureListener leave = closed -> clients.leave(client);
        channel.closeFuture().addListener(leave);
    }

    @Override
    protected void initChannel(Channel channel) {
        LoopContext context = reception.present();
        Termination tls = context.settings().tls();
        QuicChannel quic = (QuicChannel) channel;
        if (tls == null
                || !(quic.remoteSocketAddress() instanceof InetSocketAddress source)
                || !(channel.parent().localAddress() instanceof InetSocketAddress own)) {
            channel.close();
            return;
        }
        count.enter();
        handshakes++;
        ChannelFutureListener leave = closed -> count.leave();
        channel.closeFuture().addListener(leave);
        String literal = IpLiteral.text(source.getAddress().getAddress());
        Client client = new Client(source, literal, context.settings().name(), own.getPort());
        channel.pipeline().addLast(new Http3Handshaking(quic, context, client, tls, () -> handshakes--));
    }

    /** A connection is not to be; whoever reads the socket drops its datagram. */
    private static final class Turning extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Turning() {
            super("turned away", null, false, false);
        }
    }
}
