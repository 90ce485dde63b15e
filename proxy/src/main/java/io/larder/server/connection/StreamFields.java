package io.larder.server.connection;

import io.larder.http.Body;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Set;

/**
 * Writes the field sections of responses as HTTP/2 has them (RFC 9113 §8.2, §8.3.2): the octets of ours, which are not copied.
 * Confined to one loop.
 */
public final class StreamFields {
    /** About a connection, which has other means here (RFC 9113 §8.2.2). */
    private static final FieldNames CONNECTION_SPECIFIC = FieldNames.of(
            Fields.CONNECTION, Fields.KEEP_ALIVE, Fields.PROXY_CONNECTION, Fields.TRANSFER_ENCODING, Fields.UPGRADE);

    private static final FieldNames FRAMING = FieldNames.of(
            Fields.CONNECTION,
            Fields.KEEP_ALIVE,
            Fields.PROXY_CONNECTION,
            Fields.TRANSFER_ENCODING,
            Fields.UPGRADE,
            Fields.CONTENT_LENGTH);

    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final int BEFORE_DATE = "Date: ".length();
    private static final int AFTER_DATE = 2;

    /** Octets of fields beyond which a value is copied, lest one in the compression table keep all of them alive. */
    private static final int LARGE = 4096;

    /** Never in the compression table: secrets (RFC 7541 §7.1.3), and what hardly ever comes again. */
    private static final Set<AsciiString> NEVER_AGAIN = Set.of(
            AsciiString.cached("set-cookie"),
            AsciiString.cached("age"),
            CONTENT_LENGTH,
            AsciiString.cached("content-range"),
            AsciiString.cached("etag"),
            AsciiString.cached("last-modified"),
            AsciiString.cached("location"),
            AsciiString.cached("x-request-id"));

    public static final Http2HeadersEncoder.SensitivityDetector UNINDEXED =
            (name, value) -> name instanceof AsciiString ascii && NEVER_AGAIN.contains(ascii);

    private final LowerNames names = new LowerNames();
    private AsciiString[] pairs = new AsciiString[64];
    private int length;

    /** The head of a final response; {@code dateLine} is for one that has no date. */
    public Http2Headers response(Response response, Delimitation delimitation, byte[] dateLine) {
        FieldNames left = delimitation.keepsLengthField(response.status()) ? CONNECTION_SPECIFIC : FRAMING;
        length = 0;
        add(response.headers(), left);
        add(response.added(), left);
        if (!response.headers().contains(Fields.DATE) && !response.added().contains(Fields.DATE)) {
            add(DATE, new AsciiString(dateLine, BEFORE_DATE, dateLine.length - BEFORE_DATE - AFTER_DATE, false));
        }
        if (delimitation.declared() != Body.UNKNOWN) {
            add(CONTENT_LENGTH, new AsciiString(Long.toString(delimitation.declared())));
        }
        return ReadOnlyHttp2Headers.serverHeaders(false, text(response.status()), all());
    }

    /** The head of an interim response (RFC 9110 §15.2). */
    public Http2Headers interim(int status, Headers headers) {
        length = 0;
        add(headers, FRAMING);
        return ReadOnlyHttp2Headers.serverHeaders(false, text(status), all());
    }

    /** A trailer section. */
    public Http2Headers trailers(Headers trailers) {
        length = 0;
        add(trailers, FRAMING);
        return ReadOnlyHttp2Headers.trailers(false, all());
    }

    private static AsciiString text(int status) {
        return HttpResponseStatus.valueOf(status).codeAsText();
    }

    private void add(Headers fields, FieldNames left) {
        Headers wire = fields.wire();
        byte[] octets = wire.wireArray();
        boolean copied = octets.length > LARGE;
        for (int i = 0; i < wire.size(); i++) {
            if (!left.include(wire, i)) {
                int start = wire.valueStart(i);
                add(
                        names.of(octets, wire.nameStart(i), wire.nameEnd(i)),
                        new AsciiString(octets, start, wire.valueEnd(i) - start, copied));
            }
        }
    }

    private void add(AsciiString name, AsciiString value) {
        if (length == pairs.length) {
            pairs = Arrays.copyOf(pairs, length * 2);
        }
        pairs[length++] = name;
        pairs[length++] = value;
    }

    private AsciiString[] all() {
        return Arrays.copyOf(pairs, length);
    }
}
