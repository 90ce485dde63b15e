package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Grammar;
import io.larder.http.HeadLimits;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.ResponseHead;
import io.larder.http.Status;
import io.larder.http.WebSocket;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Heads and trailers as HTTP/2 has them (RFC 9113 §8.2, §8.3), made of ours and read into ours. */
final class StreamFields {
    /** Of a connection, which has other means here (RFC 9113 §8.2.2), or said otherwise: no request carries them. */
    private static final FieldNames UNSENT = FieldNames.of(
            Fields.HOST,
            Fields.CONTENT_LENGTH,
            Fields.CONNECTION,
            Fields.KEEP_ALIVE,
            Fields.PROXY_CONNECTION,
            Fields.TRANSFER_ENCODING,
            Fields.UPGRADE,
            Fields.TE);

    /** A response with one of these is malformed (RFC 9113 §8.2.2). */
    private static final FieldNames CONNECTION_SPECIFIC = FieldNames.of(
            Fields.CONNECTION, Fields.KEEP_ALIVE, Fields.PROXY_CONNECTION, Fields.TRANSFER_ENCODING, Fields.UPGRADE);

    private static final int MINOR = 1; // what follows of the version of a response is true of HTTP/1.1

    private StreamFields() {}

    /**
     * The head of a request; of one that asks for another protocol, an extended CONNECT. It says that we take trailers (RFC 9110 §10.1.4), which is so whoever asked.
     *
     * @throws Failure when the target could not stand in a request line: a bug above, never sent
     */
    static Http2Headers request(Request request, String scheme) {
        String target = request.target().pathAndQuery();
        RequestWire.checkTarget(target);
        String protocol = request.protocol();
        Headers fields = protocol == null ? request.headers() : WebSocket.withoutKey(request.headers());
        String host = fields.first(Fields.HOST);
        Http2Headers head = new DefaultHttp2Headers(false, fields.size() + 8)
                .method(protocol == null ? request.method() : "CONNECT")
                .scheme(scheme)
                .path(target);
        if (host != null) {
            head.authority(host); // in place of Host (RFC 9113 §8.3.1)
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!UNSENT.include(fields, i)) {
                head.add(lower(fields.name(i)), fields.value(i));
            }
        }
        if (protocol != null) {
            return head.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), protocol); // RFC 8441 §4
        }
        long length = request.body().length();
        if (length > 0 || (length != Body.UNKNOWN && RequestWire.expectsContent(request))) {
            head.addLong("content-length", length);
        }
        return head.add("te", "trailers");
    }

    /** The trailers of a request. */
    static Http2Headers trailers(Headers fields) {
        Http2Headers trailers = new DefaultHttp2Headers(false, fields.size());
        for (int i = 0; i < fields.size(); i++) {
            trailers.add(lower(fields.name(i)), fields.value(i));
        }
        return trailers;
    }

    /**
     * The head of a response, interim or final.
     *
     * @throws Malformed when it cannot be trusted
     */
    static ResponseHead response(Http2Headers head, HeadLimits limits) throws Malformed {
        int status = status(head.status());
        Headers fields = fields(head, limits);
        if (CONNECTION_SPECIFIC.includeAnyOf(fields)) {
            throw new Malformed(502, "the response has a connection-specific field (RFC 9113 section 8.2.2)");
        }
        return new ResponseHead(status, Status.reason(status), MINOR, fields);
    }

    private static int status(@Nullable CharSequence said) throws Malformed {
        boolean sound = said != null
                && said.length() == 3
                && said.charAt(0) != '0'
                && said.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!sound) {
            throw new Malformed(502, "the response has no :status of three digits (RFC 9113 section 8.3.2)");
        }
        return Integer.parseInt(said, 0, 3, 10);
    }

    /**
     * All fields but those whose name begins with a colon.
     *
     * @throws Malformed when one of them could not stand in a message, or they are too many
     */
    static Headers fields(Http2Headers received, HeadLimits limits) throws Malformed {
        HeadersBuilder fields = Headers.builder();
        int count = 0;
        for (Map.Entry<CharSequence, CharSequence> field : received) {
            String name = field.getKey().toString();
            if (name.startsWith(":")) {
                continue;
            }
            String value = field.getValue().toString();
            if (++count > limits.count() || name.length() + value.length() > limits.field()) {
                throw new Malformed(502, "the response has too many fields, or one that is too long");
            }
            if (!Grammar.isToken(name) || !Grammar.isFieldValue(value) || hasWhitespaceAround(value)) {
                throw new Malformed(502, "the response has a field that is none (RFC 9113 section 8.2.1)");
            }
            fields.add(name, value);
        }
        return fields.build();
    }

    private static boolean hasWhitespaceAround(String value) {
        return !value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static AsciiString lower(String name) {
        return new AsciiString(name).toLowerCase();
    }
}
