package io.larder.server.h1;

import io.larder.http.Malformed;
import io.larder.server.connection.LoopContext;
import io.netty.buffer.ByteBuf;

/** The turn after a response that did not need all of its request: the rest is read for nobody. */
final class Dropping implements Turn {
    /** The most that is dropped to keep a connection alive, in bytes: beyond it a new connection is cheaper. */
    static final int MOST = 256 * 1024;

    private final Http1Connection connection;
    private final LoopContext context;
    private final RequestBody body;

    Dropping(Http1Connection connection, LoopContext context, RequestBody body) {
        this.connection = connection;
        this.context = context;
        this.body = body;
    }

    @Override
    public boolean take(ByteBuf in) {
        try {
            body.drop(in);
        } catch (Malformed broken) {
            connection.end(Lingering.Ending.LINGER);
            return true;
        }
        if (body.isTaken()) {
            connection.awaitRequest(context.loop().nanos());
            return true;
        }
        if (connection.isInputEnded()) {
            connection.end(Lingering.Ending.CLOSE);
        }
        return false;
    }

    @Override
    public int window() {
        return MOST;
    }

    @Override
    public void expired() {
        connection.end(Lingering.Ending.LINGER);
    }

    @Override
    public void writable() {}

    @Override
    public void gone() {}
}
