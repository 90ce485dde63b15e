package io.larder.server.h2;

import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.StreamFields;
import io.larder.server.stream.RequestStream;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;

/** A request's stream of HTTP/2. Confined to its connection's loop. */
record Http2RequestStream(Http2Connection connection, int id) implements RequestStream {
    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public boolean isOpen() {
        return connection.codec().stream(id) != null;
    }

    @Override
    public boolean isRead() {
        return connection.isRead();
    }

    @Override
    public void interim(int status, Headers headers) {
        Http2Codec codec = connection.codec();
        codec.writeHead(id, fields().interim(status, headers), false, promise());
        connection.touch();
    }

    @Override
    public void respond(Response response, Delimitation delimitation, End end) {
        ChannelPromise written = promise();
        written.addListener((ChannelFuture future) -> {
            if (future.isSuccess()) {
                end.written();
            }
        });
        head(response, delimitation, true, written);
        connection.touch();
    }

    @Override
    public Outflow respond(Response response, Delimitation delimitation, Source content, End end) {
        Http2Stream known = connection.codec().connection().stream(id);
        head(response, delimitation, false, promise());
        StreamWriter writer = new StreamWriter(connection, known, content, delimitation.declared(), end);
        writer.start();
        return writer;
    }

    private void head(Response response, Delimitation delimitation, boolean ends, ChannelPromise written) {
        byte[] dateLine = connection.context().dateLine();
        connection.codec().writeHead(id, fields().response(response, delimitation, dateLine), ends, written);
    }

    private StreamFields fields() {
        return connection.context().fields();
    }

    private ChannelPromise promise() {
        return connection.codec().context().newPromise();
    }

    @Override
    public void taken(int octets) {
        connection.codec().consume(id, octets);
    }

    @Override
    public void awaits(long deadline) {
        connection.writers().wakeBy(deadline);
    }

    @Override
    public void malformed(String reason) {
        connection.intake().malformed(id, reason);
    }

    @Override
    public void reset(Fault fault) {
        connection
                .codec()
                .reset(
                        id,
                        switch (fault) {
                            case NONE -> Http2Error.NO_ERROR;
                            case INTERNAL -> Http2Error.INTERNAL_ERROR;
                        });
    }

    @Override
    public void left(boolean answered) {
        connection.leave(id, answered);
    }

    @Override
    public void departed(int more) {
        connection.departed(more);
    }
}
