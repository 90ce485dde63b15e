package io.larder.server.connection;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The octets by which a client of HTTP/2 begins (RFC 9113 §3.4): no client of HTTP/1 does. */
public enum Preface {
    /** Something else stands there. */
    NONE,
    /** It may be one: more has to come. */
    PART,
    /** It is there, as far as it could be taken for a head of HTTP/1: whoever reads on looks at the rest of it. */
    WHOLE;

    private static final byte[] HEAD = "PRI * HTTP/2.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** How much of the preface {@code in} begins with, which is not empty. */
    public static Preface find(ByteBuf in) {
        int length = Math.min(in.readableBytes(), HEAD.length);
        int start = in.readerIndex();
        for (int i = 0; i < length; i++) {
            if (in.getByte(start + i) != HEAD[i]) {
                return NONE;
            }
        }
        return length == HEAD.length ? WHOLE : PART;
    }
}
