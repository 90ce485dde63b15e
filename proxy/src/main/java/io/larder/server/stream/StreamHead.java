package io.larder.server.stream;

import io.larder.http.Authority;
import io.larder.http.HeadLimits;
import io.larder.http.HeadParser;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.http.WebSocket;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A field section of a stream (RFC 9113 §8.2, §8.3) as it is decompressed, field by field.
 *
 * <p>What HTTP/2 alone asks for is judged here. The rest is written down as HTTP/1.1 would have it, and read by the one parser
 * of heads: grammar, limits and the judgement on a request are the same whatever is spoken. Confined to its connection.
 */
public final class StreamHead extends DefaultHttp2Headers {
    private static final Set<AsciiString> CONNECTION_SPECIFIC = Set.of(
            AsciiString.cached("connection"),
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            AsciiString.cached("transfer-encoding"),
            AsciiString.cached("upgrade"));
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString EXPECT = AsciiString.cached("expect");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString WEB_SOCKET = AsciiString.cached(WebSocket.PROTOCOL);
    private static final AsciiString WEB_SOCKET_KEY = AsciiString.cached("sec-websocket-key");
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST_LINE = ascii("Host: ");
    private static final byte[] COOKIE_LINE = ascii("cookie: ");
    private static final byte[] BETWEEN_COOKIES = ascii("; ");
    private static final byte[] BEFORE_VALUE = ascii(": ");
    private static final byte[] SWITCH = ascii("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ");
    private static final byte[] SPACE = ascii(" ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final int USUAL_OCTETS = 512;
    private static final int FIELD_OVERHEAD = 32; // RFC 9113 §6.5.2, RFC 9114 §4.2.2
    private static final int PSEUDO_FIELDS = 5;

    private final HeadLimits limits;
    private final Octets wire = new Octets(USUAL_OCTETS);
    private @Nullable Octets cookies;
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;
    private boolean regular; // a field that is no pseudo-header field has come
    private boolean lengthGiven;
    private boolean expects;
    private int count;
    private @Nullable String fault;

    public StreamHead(HeadLimits limits) {
        super(false, 2);
        this.limits = limits;
    }

    /** The size of a field section as its sender counts it, past which none can be within {@code limits}. */
    public static long most(HeadLimits limits) {
        return limits.whole() + (long) FIELD_OVERHEAD * (limits.count() + PSEUDO_FIELDS);
    }

    /** Takes the next field, once decompressed. Nothing is kept of a section that is at fault, or too long. */
    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (fault == null && ++count <= limits.count() + 1) { // one too many is enough to know
            take(AsciiString.of(name), AsciiString.of(value));
        }
        return this;
    }

    private void take(AsciiString name, AsciiString value) {
        if (name.isEmpty()) {
            fault = "a field has no name (RFC 9113 section 8.2.1)";
        } else if (name.byteAt(0) == ':') {
            pseudo(name, value);
        } else {
            field(name, value);
        }
    }

    private void pseudo(AsciiString name, AsciiString value) {
        if (regular) {
            fault = "a pseudo-header field stands behind others (RFC 9113 section 8.3)";
            return;
        }
        count--;
        AsciiString before;
        switch (name.toString()) {
            case ":method" -> {
                before = method;
                method = value;
            }
            case ":scheme" -> {
                before = scheme;
                scheme = value;
            }
            case ":authority" -> {
                before = authority;
                authority = value;
            }
            case ":path" -> {
                before = path;
                path = value;
            }
            case ":protocol" -> {
                before = protocol;
                protocol = value;
            }
            default -> {
                fault = "a pseudo-header field is none of a request's (RFC 9113 section 8.3)";
                return;
            }
        }
        if (before != null) {
            fault = "a pseudo-header field is repeated (RFC 9113 section 8.3)";
        } else if (!isVisible(value)) {
            fault = "a pseudo-header field holds white space or a control character (RFC 9113 section 8.2.1)";
        }
    }

    private static boolean isVisible(AsciiString value) {
        for (int i = 0; i < value.length(); i++) {
            int octet = value.byteAt(i) & 0xff;
            if (octet <= ' ' || octet == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private void field(AsciiString name, AsciiString value) {
        if (!regular) {
            regular = true;
            begin();
        }
        if (!isLowerCaseName(name)) {
            fault = "a field's name has a character that it may not have (RFC 9113 section 8.2.1)";
        } else if (!isValue(value)) {
            fault = "a field's value has a character that it may not have (RFC 9113 section 8.2.1)";
        } else if (CONNECTION_SPECIFIC.contains(name)
                || (name.equals(TE) && !value.contentEqualsIgnoreCase(TRAILERS))) {
            fault = "a field is about a connection of HTTP/1 (RFC 9113 section 8.2.2)";
        } else if (name.equals(COOKIE)) {
            crumb(value);
        } else if (protocol != null && name.equals(WEB_SOCKET_KEY)) {
            count--; // has no meaning here (RFC 8441 §5)
        } else if (authority == null || !name.equals(HOST)) {
            lengthGiven |= name.equals(CONTENT_LENGTH);
            expects |= name.equals(EXPECT);
            wire.add(name).add(BEFORE_VALUE).add(value).add(CRLF);
        } else if (!isSameHost(authority, value)) {
            fault = "Host and :authority differ (RFC 9113 section 8.3.1)";
        }
    }

    private static boolean isSameHost(AsciiString authority, AsciiString host) {
        if (authority.contentEqualsIgnoreCase(host)) {
            return true;
        }
        Authority asked = Authority.parse(authority.toString());
        return asked != null && asked.equals(Authority.parse(host.toString()));
    }

    /** Pieces of one list of cookies, which is one field to everybody else (RFC 9113 §8.2.3). */
    private void crumb(AsciiString value) {
        Octets all = cookies;
        if (all == null) {
            all = new Octets(USUAL_OCTETS);
            cookies = all;
        } else {
            all.add(BETWEEN_COOKIES);
        }
        all.add(value);
    }

    /** The parser looks at what else a name may have, or a value. */
    private static boolean isLowerCaseName(AsciiString name) {
        for (int i = 0; i < name.length(); i++) {
            byte octet = name.byteAt(i);
            if (octet <= ' ' || octet == ':' || octet == 0x7f || (octet >= 'A' && octet <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(AsciiString value) {
        for (int i = 0; i < value.length(); i++) {
            byte octet = value.byteAt(i);
            if (octet == '\r' || octet == '\n' || octet == 0) {
                return false;
            }
        }
        return value.isEmpty() || !(isBlank(value.byteAt(0)) || isBlank(value.byteAt(value.length() - 1)));
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** What stands before the fields, where this is a request. */
    private void begin() {
        if (method != null && path != null) {
            wire.add(isTunnel() ? GET : method).add(SPACE).add(path).add(VERSION);
            if (authority != null) {
                wire.add(HOST_LINE).add(authority).add(CRLF);
            }
        }
    }

    private void end() {
        if (cookies != null) {
            wire.add(COOKIE_LINE).add(cookies).add(CRLF);
        }
        wire.add(CRLF);
    }

    /**
     * What is wrong with this as the head of a request, by the rules that HTTP/2 alone has; null for nothing. Such a request is
     * malformed (RFC 9113 §8.1.1).
     */
    @Nullable
    String faultOfRequest() {
        if (fault != null || isConnect()) {
            return fault;
        }
        if (protocol != null && !CONNECT.equals(method)) {
            return ":protocol stands in what is no CONNECT (RFC 8441 section 4)";
        }
        if (method == null || scheme == null || path == null) {
            return "a pseudo-header field is missing (RFC 9113 section 8.3.1)";
        }
        boolean inForm = !path.isEmpty() && (path.byteAt(0) == '/' || path.contentEquals("*"));
        return inForm ? null : ":path does not begin with a slash (RFC 9113 section 8.3.1)";
    }

    /** Whether a tunnel is asked for, which has neither scheme nor path (RFC 9113 §8.5). */
    private boolean isConnect() {
        return CONNECT.equals(method) && protocol == null && scheme == null && path == null && authority != null;
    }

    /** Whether a tunnel is asked for in which {@code :protocol} is spoken with whoever answers for the path (RFC 8441 §4). */
    boolean isTunnel() {
        return protocol != null && CONNECT.equals(method);
    }

    /**
     * The head of a request that has no {@link #faultOfRequest}; to be asked for once. One that asks for a WebSocket is written as
     * a client of HTTP/1.1 would have asked (RFC 6455 §4.1), so that it is the same request to routes, rules and servers.
     *
     * @param key a new one for a handshake (RFC 6455 §4.1), asked for where that is needed
     * @throws Malformed as {@link HeadParser#request} does, 400 for what is malformed here, too
     */
    RequestHead request(Supplier<String> key) throws Malformed {
        if (isConnect()) {
            throw new Malformed(501, "CONNECT is not served here");
        }
        if (isTunnel() && !WEB_SOCKET.equals(protocol)) {
            throw new Malformed(501, "no tunnel is served here but one for websocket (RFC 8441 section 4)");
        }
        if (count > limits.count()) {
            throw new Malformed(431, "there are more than " + limits.count() + " field lines");
        }
        if (!regular) {
            begin();
        }
        if (isTunnel()) {
            wire.add(SWITCH).add(ascii(key.get())).add(CRLF);
        }
        end();
        return HeadParser.request(wire.array(), 0, wire.length(), limits);
    }

    /** Whether the client has said how long the content is. */
    boolean isLengthGiven() {
        return lengthGiven;
    }

    /** Whether the scheme is one that clients reach us by. */
    boolean isOfHttp() {
        return scheme != null && (scheme.contentEqualsIgnoreCase("http") || scheme.contentEqualsIgnoreCase("https"));
    }

    /** Whether this is a request by one of {@code methods} that says nothing of content. */
    public boolean isUsuallyBare(Set<String> methods) {
        return !lengthGiven && !expects && method != null && methods.contains(method.toString());
    }

    boolean isHead() {
        return method != null && method.contentEquals("HEAD");
    }

    /**
     * The fields of a trailer section; to be asked for once.
     *
     * @throws Malformed when it is malformed, or too large
     */
    Headers trailers() throws Malformed {
        if (fault != null) {
            throw new Malformed(400, fault);
        }
        if (method != null || scheme != null || authority != null || path != null || protocol != null) {
            throw new Malformed(400, "a pseudo-header field stands in trailers (RFC 9113 section 8.1)");
        }
        end();
        return HeadParser.fields(wire.array(), 0, wire.length(), limits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
