package io.larder.server.stream;

import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.http.Response;
import io.larder.http.WebSocket;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.Downstream;
import io.larder.server.connection.Incoming;
import io.larder.server.connection.LastHost;
import io.larder.server.connection.LoopContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of what comes on new streams of one connection, or refuses it: by a stream error what breaks the rules of the
 * protocol (RFC 9113 §8.1.1, RFC 9114 §4.1.2), by an answer what an HTTP/1.1 client would be answered. Confined to its loop.
 */
public final class StreamIntake {
    private final Downstream downstream;
    private final LoopContext context;
    private final LastHost hosts = new LastHost();

    public StreamIntake(Downstream downstream, LoopContext context) {
        this.downstream = downstream;
        this.context = context;
    }

    /**
     * The request whose {@code head} has come on {@code stream}, to be started; null where it was refused.
     *
     * @param ends whether the head is all of it
     */
    @Nullable
    public StreamDelivery begin(RequestStream stream, StreamHead head, boolean ends) {
        String fault = head.faultOfRequest();
        if (fault != null) {
            stream.malformed(fault);
            return null;
        }
        RequestHead read;
        try {
            read = head.request(this::key);
        } catch (Malformed refused) {
            if (refused.status() == 400) {
                stream.malformed(refused.reason());
            } else {
                reject(stream, refused, head.isHead(), Headers.EMPTY);
            }
            return null;
        }
        return judge(stream, head, read, ends);
    }

    private @Nullable StreamDelivery judge(RequestStream stream, StreamHead head, RequestHead read, boolean ends) {
        Incoming incoming;
        try {
            if (!head.isOfHttp()) {
                throw new Malformed(400, ":scheme is neither http nor https");
            }
            incoming = downstream.judge(read, hosts, context.settings().body());
            if (head.isTunnel() && incoming.protocol() == null) {
                throw new Malformed(400, "a tunnel is asked for with content");
            }
        } catch (Malformed refused) {
            reject(stream, refused, head.isHead(), read.headers());
            return null;
        }
        StreamDelivery delivery =
                StreamDelivery.of(stream, context, downstream.client(), incoming, head.isLengthGiven(), ends);
        if (delivery == null) {
            stream.malformed(StreamDelivery.WRONG_LENGTH);
        }
        return delivery;
    }

    private String key() {
        return WebSocket.key(context.newId().value(), context.newId().value());
    }

    /** Answers what never became a request, and tells ops. */
    public void reject(RequestStream stream, Malformed refused, boolean headRequest, Headers asked) {
        if (!stream.isOpen()) {
            return;
        }
        Response page = context.rejection(downstream.client(), refused, asked);
        Delimitation delimitation = Delimitation.of(page, headRequest, 1);
        Refusal refusal = new Refusal(stream);
        if (delimitation instanceof Delimitation.Nothing) {
            stream.respond(page, delimitation, refusal);
        } else {
            stream.respond(page, delimitation, page.body().source(), refusal);
        }
    }
}
