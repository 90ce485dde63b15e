package io.larder.server;

import io.larder.http.HeadLimits;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Decompresses field sections (RFC 7541) into {@link StreamHead}s. Confined to one connection. */
final class HeadDecoder extends DefaultHttp2HeadersDecoder {
    private static final int FIELD_OVERHEAD = 32; // RFC 9113 §6.5.2
    private static final int PSEUDO_FIELDS = 4;

    private final HeadLimits limits;

    HeadDecoder(HeadLimits limits) {
        super(false, most(limits));
        this.limits = limits;
    }

    /** The size of a field section as HTTP/2 counts it, past which none can be within {@code limits}. */
    static long most(HeadLimits limits) {
        return limits.whole() + (long) FIELD_OVERHEAD * (limits.count() + PSEUDO_FIELDS);
    }

    @Override
    protected Http2Headers newHeaders() {
        return new StreamHead(limits);
    }
}
