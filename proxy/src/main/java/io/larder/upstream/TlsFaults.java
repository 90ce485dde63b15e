package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong where TLS did (RFC 9209 §2.3.14–16). */
final class TlsFaults {
    private static final String ALERT = "Received fatal alert"; // the JDK has no class for it
    private static final int DEEPEST = 16;

    private TlsFaults() {}

    /** Before TLS stood: nothing of HTTP has been sent. */
    static Failure inHandshake(Throwable thrown) {
        Throwable cause = telling(thrown);
        if (isAlert(cause) && text(cause).contains("no_application_protocol")) {
            return noHttp2();
        }
        return switch (cause) {
            case SslHandshakeTimeoutException late -> unsent(Kind.CONNECTION_TIMEOUT, "TLS did not stand in time");
            case CertificateException bad -> untrusted(bad);
            case CertPathValidatorException bad -> untrusted(bad);
            case ClosedChannelException closed ->
                unsent(Kind.CONNECTION_TERMINATED, "the server closed the connection before TLS stood");
            case SSLException fault ->
                unsent(isAlert(fault) ? Kind.TLS_ALERT_RECEIVED : Kind.TLS_PROTOCOL_ERROR, text(fault));
            default -> unsent(Kind.CONNECTION_TERMINATED, "the connection broke before TLS stood: " + text(cause));
        };
    }

    /**
     * Once TLS stood. A server of TLS 1.3 judges our certificate only then: if it refuses that, it has read nothing of ours.
     *
     * @return null where the fault is not one of TLS
     */
    static @Nullable Failure later(Throwable thrown) {
        Throwable cause = telling(thrown);
        if (!(cause instanceof SSLException)) {
            return null;
        }
        if (!isAlert(cause)) {
            return new Failure(Kind.TLS_PROTOCOL_ERROR, text(cause));
        }
        boolean ofCertificates =
                text(cause).contains("certificate") || text(cause).contains("unknown_ca");
        return new Failure(Kind.TLS_ALERT_RECEIVED, text(cause), ofCertificates);
    }

    /** HTTP/2 was all that we proposed. */
    static Failure noHttp2() {
        return unsent(Kind.TLS_PROTOCOL_ERROR, "the server did not agree to HTTP/2");
    }

    private static Failure untrusted(Throwable why) {
        return unsent(Kind.TLS_CERTIFICATE_ERROR, "the server's certificate is not trusted: " + text(why));
    }

    /** The deepest cause that is about certificates, else the deepest one of TLS, else the deepest. */
    private static Throwable telling(Throwable thrown) {
        Throwable best = thrown;
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < DEEPEST; cause = cause.getCause(), depth++) {
            if (rank(cause) >= rank(best)) {
                best = cause;
            }
        }
        return best;
    }

    private static int rank(Throwable cause) {
        return switch (cause) {
            case CertificateException certificate -> 2;
            case CertPathValidatorException path -> 2;
            case SSLException tls -> 1;
            default -> 0;
        };
    }

    private static boolean isAlert(Throwable cause) {
        return text(cause).contains(ALERT);
    }

    private static String text(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.replace('\n', ' ');
    }

    private static Failure unsent(Kind kind, String detail) {
        return new Failure(kind, detail, true);
    }
}
