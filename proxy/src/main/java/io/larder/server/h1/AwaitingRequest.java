package io.larder.server.h1;

import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.http.Response;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.LastHost;
import io.larder.server.connection.LoopContext;
import io.larder.server.connection.Preface;
import io.netty.buffer.ByteBuf;

/** The turn of the client: the next request's head is awaited. One for the life of a connection. */
final class AwaitingRequest implements Turn {
    private final Http1Connection connection;
    private final LoopContext context;
    private final RequestReader reader;
    private final LastHost hosts = new LastHost();
    private boolean begun; // some of the head has come
    private boolean first = true; // nothing has come before this head

    AwaitingRequest(Http1Connection connection, LoopContext context) {
        this.connection = connection;
        this.context = context;
        this.reader = new RequestReader(context.settings().head());
    }

    @Override
    public boolean take(ByteBuf in) {
        if (!connection.outbox().isWritable()) {
            return false; // a client that pipelines and does not read
        }
        if (first && in.isReadable()) {
            switch (Preface.find(in)) {
                case PART -> {
                    return wait(in);
                }
                case WHOLE -> {
                    // over TLS it is ALPN that says so (RFC 9113 §3.2)
                    if (context.settings().protocols().http2() && !connection.isSecured()) {
                        connection.handOver();
                        return false;
                    }
                }
                case NONE -> {}
            }
            first = false;
            if (!context.settings().protocols().http1()) {
                reject(new Malformed(505, "only HTTP/2 is spoken here"), false, Headers.EMPTY);
                return true;
            }
        }
        boolean headRequest = RequestReader.isHead(in);
        RequestHead head;
        try {
            head = reader.next(in);
        } catch (Malformed refused) {
            reject(refused, headRequest, Headers.EMPTY);
            return true;
        }
        if (head == null) {
            return wait(in);
        }
        begun = false;
        try {
            connection.begin(connection
                    .downstream()
                    .judge(head, hosts, context.settings().body()));
        } catch (Malformed refused) {
            reject(refused, headRequest, head.headers());
        }
        return true;
    }

    private boolean wait(ByteBuf in) {
        if (connection.isInputEnded()) {
            connection.end(Lingering.Ending.CLOSE);
        } else if (in.isReadable() && !begun) {
            begun = true;
            connection.awaitClient(context.settings().timeouts().header());
        }
        return false;
    }

    void reject(Malformed refused, boolean headRequest, Headers asked) {
        Response page = context.rejection(connection.downstream().client(), refused, asked);
        Delimitation delimitation = Delimitation.of(page, headRequest, 1);
        connection.outbox().writeWhole(page, delimitation, ResponseHeads.Persistence.CLOSED, context.dateLine());
        connection.end(Lingering.Ending.LINGER);
    }

    @Override
    public int window() {
        return context.settings().head().whole() + 1; // one more byte proves that it is too long
    }

    @Override
    public void expired() {
        if (begun) {
            reject(new Malformed(408, "the request's head did not come in time"), false, Headers.EMPTY);
        } else if (connection.outbox().backlog() > 0) {
            connection.awaitClient(context.settings().timeouts().idle()); // not idle: it has an answer to take
        } else {
            connection.close();
        }
    }

    @Override
    public void writable() {}

    @Override
    public void gone() {}
}
