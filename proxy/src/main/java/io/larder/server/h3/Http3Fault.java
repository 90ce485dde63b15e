package io.larder.server.h3;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3HeadersValidationException;
import io.netty.handler.codec.quic.QuicException;
import java.io.IOException;

/** Whose fault it is that a stream cannot go on. */
enum Http3Fault {
    /** The client has left, or the network. */
    GONE,
    /** The client has broken the rules of HTTP/3. */
    MALFORMED,
    /** Ours. */
    BUG;

    static Http3Fault of(Throwable thrown) {
        if (thrown instanceof QuicException || thrown instanceof IOException) {
            return GONE;
        }
        boolean ofTheCodec = thrown instanceof Http3Exception
                || thrown instanceof Http3HeadersValidationException
                || thrown instanceof DecoderException
                || thrown instanceof IllegalArgumentException; // of a content-length that is none
        return ofTheCodec ? MALFORMED : BUG;
    }
}
