package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Bytes;
import io.larder.http.EntityTag;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.policy.Revalidation;
import io.larder.policy.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a body, asked of the origin by one who has its beginning (RFC 9110 §13.1.5, §14.2): only where a strong
 * validator says that it is the rest of the same octets. Confined to one loop.
 */
final class Resumption implements Source {
    private final Handler origin;
    private final Request request;
    private final Exchange exchange;
    private final String tag;
    private final long offset;
    private @Nullable Source rest;
    private boolean cancelled;

    private Resumption(Handler origin, Request request, Exchange exchange, String tag, long offset) {
        this.origin = origin;
        this.request = request;
        this.exchange = exchange;
        this.tag = tag;
        this.offset = offset;
    }

    /** How {@code quest}, whose answer began with {@code head}, gets the rest of it. */
    static SpoolReader.Rest of(Handler origin, Quest quest, Stored head) {
        String tag = head.headers().first(Fields.ETAG);
        if (head.status() != 200 || tag == null || EntityTag.isWeak(tag)) {
            return offset -> null;
        }
        return offset -> new Resumption(
                origin, ranged(quest.request(), tag, offset), quest.exchange().child(), tag, offset);
    }

    private static Request ranged(Request request, String tag, long offset) {
        Headers plain = Revalidation.unconditional(request).headers();
        return request.withHeaders(plain.toBuilder()
                .add(Fields.RANGE, "bytes=" + offset + "-")
                .add(Fields.IF_RANGE, tag)
                .build());
    }

    @Override
    public void read(Sink sink) {
        if (rest != null) {
            rest.read(sink);
        } else {
            origin.handle(request, exchange).whenComplete((response, error) -> answered(response, error, sink));
        }
    }

    private void answered(@Nullable Response response, @Nullable Throwable error, Sink sink) {
        if (cancelled || response == null) {
            if (response != null) {
                response.body().discard();
            } else if (!cancelled) {
                sink.failed(error == null ? changed() : Failure.of(error));
            }
            return;
        }
        Source continued = continued(response);
        if (continued == null) {
            response.body().discard();
            sink.failed(changed());
        } else {
            rest = continued;
            continued.read(sink);
        }
    }

    private @Nullable Source continued(Response response) {
        String theirs = response.headers().first(Fields.ETAG);
        if (theirs == null || !EntityTag.stronglyEqual(theirs, tag)) {
            return null;
        }
        Source body = response.body().source();
        return switch (response.status()) {
            case 206 -> isFromOffset(response) ? body : null;
            case 200 -> new Skipping(body, offset); // the origin gives no parts: the same octets, from the beginning
            default -> null;
        };
    }

    private boolean isFromOffset(Response response) {
        String range = response.headers().first(Fields.CONTENT_RANGE);
        return range != null && range.startsWith("bytes " + offset + "-");
    }

    private static Failure changed() {
        return new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the origin has another body by now");
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (rest != null) {
            rest.cancel();
        } else {
            exchange.departure().announce();
        }
    }

    /** A body without its first bytes. */
    private static final class Skipping implements Source, Pump.Taker {
        private final Pump pump;
        private long skip;
        private @Nullable Sink sink;

        Skipping(Source body, long skip) {
            this.pump = new Pump(body, this);
            this.skip = skip;
        }

        @Override
        public void read(Sink asking) {
            sink = asking;
            pump.resume();
        }

        @Override
        public void cancel() {
            sink = null;
            pump.cancel();
        }

        @Override
        public boolean chunk(Bytes bytes) {
            Bytes wanted = bytes.slice(Math.min(skip, bytes.length()), bytes.length());
            skip -= bytes.length() - wanted.length();
            if (wanted.isEmpty()) {
                return true;
            }
            Sink to = sink;
            sink = null;
            if (to != null) {
                to.chunk(wanted);
            }
            return sink != null;
        }

        @Override
        public void end(Headers trailers) {
            if (sink != null) {
                sink.end(trailers);
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (sink != null) {
                sink.failed(cause);
            }
        }
    }
}
