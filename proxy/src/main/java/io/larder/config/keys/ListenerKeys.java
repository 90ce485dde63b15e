package io.larder.config.keys;

import io.larder.config.HostPort;
import io.larder.config.ListenerConfig;
import io.larder.config.ListenerConfig.ClientTimeouts;
import io.larder.config.ListenerConfig.Limits;
import io.larder.config.ListenerConfig.Protocol;
import io.larder.config.ListenerConfig.ProxyProtocol;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of a listener. */
final class ListenerKeys {
    private static final Type<Integer> COUNT = Scalars.integer(1, 10_000_000);

    private static final Key<Limits, Integer> CONNECTIONS =
            Key.of("connections", COUNT, 50_000, Limits::connections, "Client connections at once.");
    private static final Key<Limits, Integer> CONNECTIONS_PER_CLIENT = Key.optional(
            "connections-per-client",
            COUNT,
            Limits::connectionsPerClient,
            "Connections of one address at once (IPv6: of one /64); one more is closed. Absent: no limit.");
    private static final Key<Limits, Long> REQUEST_LINE = Key.of(
            "request-line", Scalars.HEAD_SIZE, 8L << 10, Limits::requestLine, "Longest request line; past it 414.");
    private static final Key<Limits, Long> HEADER =
            Key.of("header", Scalars.HEAD_SIZE, 8L << 10, Limits::header, "Longest header field; past it 431.");
    private static final Key<Limits, Long> HEADERS = Key.of(
            "headers", Scalars.HEAD_SIZE, 64L << 10, Limits::headers, "All header fields together; past it 431.");
    private static final Key<Limits, Integer> HEADER_COUNT =
            Key.of("header-count", COUNT, 100, Limits::headerCount, "Number of header fields; past it 431.");
    private static final Key<Limits, Long> BODY =
            Key.of("body", Scalars.SIZE, 100L << 20, Limits::body, "Largest request body; past it 413.");
    private static final Key<Limits, Duration> HEADER_TIMEOUT = Key.of(
            "header-timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(10),
            limits -> limits.timeouts().header(),
            "Within this the whole head must have come; past it 408.");
    private static final Key<Limits, Duration> BODY_TIMEOUT = Key.of(
            "body-timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(30),
            limits -> limits.timeouts().body(),
            "Longest pause inside a request body.");
    private static final Key<Limits, Duration> IDLE_TIMEOUT = Key.of(
            "idle-timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(75),
            limits -> limits.timeouts().idle(),
            "How long a connection is kept open between two requests.");
    private static final Key<Limits, Duration> WRITE_TIMEOUT = Key.of(
            "write-timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(60),
            limits -> limits.timeouts().write(),
            "How long a client may read nothing of its response.");

    private static final Section<Limits> LIMITS_SECTION = new Section<>(
            "limits",
            "What a client may ask of the gateway.",
            ListenerKeys::limits,
            CONNECTIONS,
            CONNECTIONS_PER_CLIENT,
            REQUEST_LINE,
            HEADER,
            HEADERS,
            HEADER_COUNT,
            BODY,
            HEADER_TIMEOUT,
            BODY_TIMEOUT,
            IDLE_TIMEOUT,
            WRITE_TIMEOUT);

    static final Key<ListenerConfig, HostPort> BIND = Key.required(
            "bind", Scalars.BIND, ListenerConfig::bind, "Address and port; an empty host means every address.");
    private static final Key<ListenerConfig, List<Protocol>> PROTOCOLS = Key.optional(
            "protocols",
            ListOf.some(Scalar.choice(protocols())),
            ListenerConfig::protocols,
            "What is spoken with clients, most wanted first; absent: [h2, http/1.1] with tls, [http/1.1, h2c] without."
                    + " h3 is HTTP/3 beside them, on the UDP port of the same number.");
    private static final Key<ListenerConfig, ProxyProtocol> PROXY_PROTOCOL = Key.of(
            "proxy-protocol",
            Scalar.choice(ProxyProtocol.class),
            ProxyProtocol.OFF,
            ListenerConfig::proxyProtocol,
            "require: each connection begins with a PROXY header (v1 or v2) of one of trusted-proxies, else it is closed.");
    private static final Key<ListenerConfig, Limits> LIMITS = Key.of(
            "limits",
            LIMITS_SECTION,
            LIMITS_SECTION.defaults(),
            ListenerConfig::limits,
            "What a client may ask of the gateway.");

    static final Section<ListenerConfig> SECTION = new Section<>(
            "listener",
            "An address on which clients are served.",
            values -> new ListenerConfig(
                    values.name(),
                    values.get(BIND),
                    spoken(values),
                    values.get(PROXY_PROTOCOL),
                    values.find(ListenerTlsKeys.TLS),
                    values.get(LIMITS),
                    values.origin()),
            BIND,
            PROTOCOLS,
            PROXY_PROTOCOL,
            ListenerTlsKeys.TLS,
            LIMITS);

    private ListenerKeys() {}

    private static Map<String, Protocol> protocols() {
        Map<String, Protocol> words = new LinkedHashMap<>();
        words.put("http/1.1", Protocol.HTTP_1_1);
        words.put("h2c", Protocol.H2C);
        words.put("h2", Protocol.H2);
        words.put("h3", Protocol.H3);
        return words;
    }

    private static List<Protocol> spoken(Values<ListenerConfig> values) {
        boolean secure = values.find(ListenerTlsKeys.TLS) != null;
        List<Protocol> written = values.find(PROTOCOLS);
        if (written == null) {
            return secure ? List.of(Protocol.H2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1, Protocol.H2C);
        }
        if (secure && written.contains(Protocol.H2C)) {
            values.error(PROTOCOLS, "'h2c' is HTTP/2 without TLS, and this listener has 'tls'", "h2");
        } else if (!secure && written.contains(Protocol.H2)) {
            values.error(PROTOCOLS, "'h2' is HTTP/2 over TLS, and this listener has no 'tls'", "h2c");
        }
        if (written.contains(Protocol.H3)) {
            checkHttp3(values, written, secure);
        }
        return written;
    }

    private static void checkHttp3(Values<ListenerConfig> values, List<Protocol> written, boolean secure) {
        if (!secure) {
            values.error(PROTOCOLS, "'h3' is HTTP/3, which has TLS in it, and this listener has no 'tls'", null);
        } else if (values.get(PROXY_PROTOCOL) == ProxyProtocol.REQUIRE) {
            values.error(PROTOCOLS, "'h3' comes by UDP, with no PROXY header, which this listener requires", null);
        } else if (written.equals(List.of(Protocol.H3))) {
            values.error(
                    PROTOCOLS,
                    "'h3' alone would be found by nobody: clients hear of it over another",
                    "add 'h2' or 'http/1.1'");
        }
    }

    private static Limits limits(Values<Limits> values) {
        if (values.get(HEADER) > values.get(HEADERS)) {
            values.error(HEADER, "'header' is larger than 'headers': one field cannot be longer than all", null);
        }
        ClientTimeouts timeouts = new ClientTimeouts(
                values.get(HEADER_TIMEOUT),
                values.get(BODY_TIMEOUT),
                values.get(IDLE_TIMEOUT),
                values.get(WRITE_TIMEOUT));
        return new Limits(
                values.get(CONNECTIONS),
                values.find(CONNECTIONS_PER_CLIENT),
                values.get(REQUEST_LINE),
                values.get(HEADER),
                values.get(HEADERS),
                values.get(HEADER_COUNT),
                values.get(BODY),
                timeouts);
    }
}
