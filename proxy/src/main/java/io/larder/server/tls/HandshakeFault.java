package io.larder.server.tls;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;

/** Why a handshake with a client failed, as far as whoever runs the gateway can do something about it. */
public enum HandshakeFault {
    /** It took longer than {@code header-timeout}. */
    TIMEOUT,
    /** The client left. */
    CLOSED,
    /** What came was not TLS. */
    NOT_TLS,
    /** The client's hello was too long. */
    HELLO_TOO_LONG,
    /** No version, cipher or group that both sides have. */
    NOTHING_IN_COMMON,
    /** The client had to show a certificate, and showed none or a wrong one. */
    CLIENT_CERTIFICATE,
    /** The client refused to go on; mostly for our certificate. */
    CLIENT_REFUSED,
    /** Anything else. */
    PROTOCOL;

    private static final int DEEPEST = 16;

    /** How telemetry calls it. */
    public String token() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static HandshakeFault of(Throwable thrown) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < DEEPEST; cause = cause.getCause(), depth++) {
            HandshakeFault known = known(cause);
            if (known != PROTOCOL) {
                return known;
            }
        }
        return PROTOCOL;
    }

    private static HandshakeFault known(Throwable cause) {
        return switch (cause) {
            case NotSslRecordException garbage -> NOT_TLS;
            case TooLongFrameException hello -> HELLO_TOO_LONG;
            case ClosedChannelException left -> CLOSED;
            case CertificateException bad -> CLIENT_CERTIFICATE;
            case CertPathValidatorException bad -> CLIENT_CERTIFICATE;
            default -> told(String.valueOf(cause.getMessage()));
        };
    }

    /** The engines have words alone for the rest. */
    private static HandshakeFault told(String message) {
        if (message.contains("Received fatal alert") || message.contains("_ALERT_")) {
            return CLIENT_REFUSED;
        }
        if (message.contains("client certificate") || message.contains("RETURN_A_CERTIFICATE")) {
            return CLIENT_CERTIFICATE;
        }
        boolean apart = message.contains("in common")
                || message.contains("requested protocol")
                || message.contains("protocol is disabled")
                || message.contains("not accepted by server preferences")
                || message.contains("NO_SHARED")
                || message.contains("UNSUPPORTED_PROTOCOL")
                || message.contains("NO_COMMON");
        return apart ? NOTHING_IN_COMMON : PROTOCOL;
    }
}
