package io.larder.netty;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who does the cryptography of TLS. */
public enum TlsEngine {
    /** BoringSSL, or whichever OpenSSL was built for Netty: several times as fast, and it can staple. */
    OPENSSL(SslProvider.OPENSSL),
    /** What comes with Java. */
    JDK(SslProvider.JDK);

    private final SslProvider provider;

    TlsEngine(SslProvider provider) {
        this.provider = provider;
    }

    /**
     * The engine to use on this machine: OpenSSL where its library can be loaded, else the JDK's. The first call loads it.
     *
     * @param wanted {@code openssl} or {@code jdk}; null leaves the choice to us
     * @throws IllegalArgumentException when {@code wanted} is unknown or not available here, with the reason
     */
    public static TlsEngine pick(@Nullable String wanted) {
        if (wanted == null) {
            return OpenSsl.isAvailable() ? OPENSSL : JDK;
        }
        TlsEngine engine = switch (wanted.toLowerCase(Locale.ROOT)) {
            case "openssl" -> OPENSSL;
            case "jdk" -> JDK;
            default -> throw new IllegalArgumentException("no engine is called '" + wanted + "'");
        };
        if (engine == OPENSSL && !OpenSsl.isAvailable()) {
            throw new IllegalArgumentException(wanted + " is not available here: " + unavailability());
        }
        return engine;
    }

    /** Why {@link #OPENSSL} cannot be used here; empty where it can. */
    public static String unavailability() {
        Throwable cause = OpenSsl.unavailabilityCause();
        if (cause == null) {
            return "";
        }
        boolean absent = cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError;
        return absent ? "netty-tcnative is not on the class path" : String.valueOf(cause.getMessage());
    }

    /** Its name, for people. */
    public String text() {
        return this == OPENSSL ? String.valueOf(OpenSsl.versionString()) : "the JDK";
    }

    /** The same in Netty's words. */
    public SslProvider provider() {
        return provider;
    }
}
