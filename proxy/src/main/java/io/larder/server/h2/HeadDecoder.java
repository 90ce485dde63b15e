package io.larder.server.h2;

import io.larder.http.HeadLimits;
import io.larder.server.stream.StreamHead;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Decompresses field sections (RFC 7541) into {@link StreamHead}s. Confined to one connection. */
final class HeadDecoder extends DefaultHttp2HeadersDecoder {
    private final HeadLimits limits;

    HeadDecoder(HeadLimits limits) {
        super(false, StreamHead.most(limits));
        this.limits = limits;
    }

    @Override
    protected Http2Headers newHeaders() {
        return new StreamHead(limits);
    }
}
