package io.larder.server.connection;

import io.larder.http.Authority;
import io.larder.http.Fields;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.http.Target;
import io.larder.http.TokenList;
import io.larder.http.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a request head asks of the connection: the judgement between a grammatical head and a request. A value.
 *
 * @param minor the client's minor version of HTTP/1
 * @param headers without the fields that are settled here: framing and Expect; Host says what the target says
 * @param persists whether the client lets the connection live on (RFC 9112 §9.3)
 * @param awaitsContinue whether the client may hold its content, if there is any, back for a 100 (RFC 9110 §10.1.1)
 * @param protocol that the connection is to be switched to; null: none
 */
public record Incoming(
        String method,
        int minor,
        Target target,
        Headers headers,
        Framing framing,
        boolean persists,
        boolean awaitsContinue,
        @Nullable String protocol) {

    /**
     * Judges {@code head}.
     *
     * @param hosts reads Host; of this connection
     * @param scheme how the client reached us
     * @param bodyLimit the longest content taken, in bytes
     * @throws Malformed with the status that the client is answered; the connection is closed then
     */
    public static Incoming of(RequestHead head, LastHost hosts, String scheme, long bodyLimit) throws Malformed {
        refuseUnserved(head);
        Headers fields = head.headers();
        Authority host = host(head, hosts);
        Target target = Target.parse(head.method(), head.target(), scheme, host);
        Framing framing = framing(head, bodyLimit);
        boolean awaitsContinue = awaitsContinue(head);
        return new Incoming(
                head.method(),
                head.minor(),
                target,
                settled(fields, host, target.authority()),
                framing,
                persists(head),
                awaitsContinue,
                head.minor() == 1 && framing instanceof Framing.None ? WebSocket.asked(head.method(), fields) : null);
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    /** RFC 9110 §9.3.6, §9.3.8: no tunnels, and no echo of what may be a secret. RFC 9931: CONNECT is never survived. */
    private static void refuseUnserved(RequestHead head) throws Malformed {
        switch (head.method()) {
            case "CONNECT" -> throw new Malformed(501, "CONNECT is not served here");
            case "TRACE" -> throw new Malformed(501, "TRACE is not served here");
            default -> {}
        }
    }

    /** RFC 9112 §3.2: exactly one valid Host in HTTP/1.1; at most one before. */
    private static Authority host(RequestHead head, LastHost hosts) throws Malformed {
        Headers fields = head.headers();
        int at = fields.indexOf(Fields.HOST, 0);
        if (at < 0) {
            if (head.minor() == 0) {
                return Authority.NONE;
            }
            throw new Malformed(400, "the request has no Host (RFC 9112 section 3.2)");
        }
        Authority host = hosts.read(fields, at);
        if (host == null || fields.indexOf(Fields.HOST, at + 1) >= 0) {
            throw new Malformed(400, "Host is repeated or not a host and port (RFC 9112 section 3.2)");
        }
        return host;
    }

    private static Framing framing(RequestHead head, long bodyLimit) throws Malformed {
        Framing framing = Framing.ofRequest(head);
        if (framing instanceof Framing.Exactly exactly && exactly.length() > bodyLimit) {
            throw new Malformed(413, "the content is longer than " + bodyLimit + " bytes");
        }
        // RFC 1945 §8.3: an HTTP/1.0 client has no other way to say that there is nothing
        boolean lengthOwed = head.minor() == 0 && carriesContent(head.method());
        if (lengthOwed && !head.headers().contains(Fields.CONTENT_LENGTH)) {
            throw new Malformed(411, "an HTTP/1.0 request with content needs Content-Length");
        }
        return framing;
    }

    private static boolean carriesContent(String method) {
        return switch (method) {
            case "POST", "PUT", "PATCH" -> true;
            default -> false;
        };
    }

    /** RFC 9110 §10.1.1: 417 for any other expectation; an HTTP/1.0 client's is ignored. */
    private static boolean awaitsContinue(RequestHead head) throws Malformed {
        String expect = head.minor() == 0 ? null : head.headers().combined(Fields.EXPECT);
        if (expect == null) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new Malformed(417, "only 100-continue can be expected (RFC 9110 section 10.1.1)");
        }
        return true;
    }

    private static boolean persists(RequestHead head) {
        Headers fields = head.headers();
        if (!fields.contains(Fields.CONNECTION)) {
            return head.minor() == 1;
        }
        return !TokenList.contains(fields, Fields.CONNECTION, "close")
                && (head.minor() == 1 || TokenList.contains(fields, Fields.CONNECTION, "keep-alive"));
    }

    private static Headers settled(Headers fields, Authority host, Authority asked) {
        boolean hostDiffers = !asked.equals(host); // an absolute form replaces Host (RFC 9112 §3.2.2)
        boolean nothingToSettle = !hostDiffers
                && !fields.contains(Fields.CONTENT_LENGTH)
                && !fields.contains(Fields.TRANSFER_ENCODING)
                && !fields.contains(Fields.EXPECT);
        if (nothingToSettle) {
            return fields;
        }
        HeadersBuilder kept = Headers.builder();
        if (hostDiffers) {
            kept.add(Fields.HOST, asked.toString());
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!isSettled(fields, i) && !(hostDiffers && fields.is(i, Fields.HOST))) {
                kept.add(fields, i);
            }
        }
        return kept.build();
    }

    private static boolean isSettled(Headers fields, int i) {
        return fields.is(i, Fields.CONTENT_LENGTH)
                || fields.is(i, Fields.TRANSFER_ENCODING)
                || fields.is(i, Fields.EXPECT);
    }
}
