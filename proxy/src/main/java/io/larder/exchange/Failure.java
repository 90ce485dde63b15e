package io.larder.exchange;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Expected trouble on the way to a response: becomes a response in one place, with its status and its RFC 9209 token.
 * Stackless: it is an outcome, not a bug.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, with the status for the client and the {@code Proxy-Status} error type (RFC 9209 §2.3). */
    public enum Kind {
        DNS_ERROR(502, "dns_error"),
        DESTINATION_UNAVAILABLE(503, "destination_unavailable"),
        CONNECTION_LIMIT(503, "connection_limit_reached"),
        CONNECTION_REFUSED(502, "connection_refused"),
        CONNECTION_TIMEOUT(504, "connection_timeout"),
        CONNECTION_TERMINATED(502, "connection_terminated"),
        TLS_CERTIFICATE_ERROR(502, "tls_certificate_error"),
        TLS_PROTOCOL_ERROR(502, "tls_protocol_error"),
        TLS_ALERT_RECEIVED(502, "tls_alert_received"),
        READ_TIMEOUT(504, "connection_read_timeout"),
        WRITE_TIMEOUT(504, "connection_write_timeout"),
        RESPONSE_TIMEOUT(504, "http_response_timeout"),
        RESPONSE_INCOMPLETE(502, "http_response_incomplete"),
        PROTOCOL_ERROR(502, "http_protocol_error"),
        LOOP_DETECTED(502, "proxy_loop_detected"),
        REQUEST_ERROR(400, "http_request_error"),
        REQUEST_TOO_LARGE(413, "http_request_error"),
        REQUEST_TIMEOUT(408, "http_request_error"),
        REQUEST_DENIED(403, "http_request_denied"),
        UNAUTHENTICATED(401, "http_request_denied"),
        TOO_MANY_REQUESTS(429, "http_request_denied"),
        NOT_FOUND(404, "destination_not_found"),
        MISDIRECTED(421, "http_request_error"),
        /** What is stored may only be used once the origin has confirmed it, which cannot be reached (RFC 9111 §5.2.2.2). */
        UNVALIDATED(504, "destination_unavailable"),
        ONLY_IF_CACHED(504, "destination_unavailable"),
        CLIENT_GONE(499, "connection_terminated"),
        INTERNAL(500, "proxy_internal_error");

        private final int status;
        private final String token;

        Kind(int status, String token) {
            this.status = status;
            this.token = token;
        }

        /** The status that a client is answered. */
        public int status() {
            return status;
        }

        /** The error type of RFC 9209. */
        public String token() {
            return token;
        }

        /** Whether the origin could not be reached at all: "disconnected" in RFC 9111 §4.2.4. */
        public boolean isUnreachable() {
            return switch (this) {
                case DNS_ERROR,
                        DESTINATION_UNAVAILABLE,
                        CONNECTION_LIMIT,
                        CONNECTION_REFUSED,
                        CONNECTION_TIMEOUT,
                        CONNECTION_TERMINATED,
                        TLS_CERTIFICATE_ERROR,
                        TLS_PROTOCOL_ERROR,
                        TLS_ALERT_RECEIVED,
                        READ_TIMEOUT,
                        WRITE_TIMEOUT,
                        RESPONSE_TIMEOUT -> true;
                case RESPONSE_INCOMPLETE,
                        PROTOCOL_ERROR,
                        LOOP_DETECTED,
                        REQUEST_ERROR,
                        REQUEST_TOO_LARGE,
                        REQUEST_TIMEOUT,
                        REQUEST_DENIED,
                        UNAUTHENTICATED,
                        TOO_MANY_REQUESTS,
                        NOT_FOUND,
                        MISDIRECTED,
                        ONLY_IF_CACHED,
                        UNVALIDATED,
                        CLIENT_GONE,
                        INTERNAL -> false;
            };
        }
    }

    private final Kind kind;
    private final boolean unsent;

    /** Trouble of {@code kind}, after the server may have seen the request. */
    public Failure(Kind kind, String detail) {
        this(kind, detail, false);
    }

    /**
     * @param detail one line for the log and for {@code Proxy-Status} details; holds nothing secret
     * @param unsent not one byte of the request had reached the server: any request may go elsewhere (RFC 9110 §9.2.2)
     */
    public Failure(Kind kind, String detail, boolean unsent) {
        this(kind, detail, unsent, null);
    }

    private Failure(Kind kind, String detail, boolean unsent, @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.kind = kind;
        this.unsent = unsent;
    }

    /** The failure that {@code cause} stands for; a bug becomes {@link Kind#INTERNAL}. The only place that unwraps. */
    public static Failure of(Throwable cause) {
        Throwable inner = cause;
        while (inner instanceof CompletionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof Failure failure) {
            return failure;
        }
        return new Failure(Kind.INTERNAL, inner.toString(), false, inner);
    }

    public Kind kind() {
        return kind;
    }

    public boolean isUnsent() {
        return unsent;
    }

    /** One line; never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
