package io.larder.netty;

import io.netty.handler.codec.quic.Quic;

/** Whether QUIC can be spoken on this machine: its transport and its TLS are native code, one library of its own. */
public final class QuicEngine {
    private QuicEngine() {}

    /**
     * Whether QUIC is spoken where {@code tls} does the cryptography of TCP: whoever has to do with the JDK's has no QUIC, which
     * the JDK cannot encrypt. The first call loads the library.
     */
    public static boolean isAvailable(TlsEngine tls) {
        return tls == TlsEngine.OPENSSL && Quic.isAvailable();
    }

    /** Why it is not; empty where it is. */
    public static String unavailability(TlsEngine tls) {
        if (tls == TlsEngine.JDK) {
            return "TLS is the JDK's, which has no QUIC";
        }
        Throwable cause = Quic.unavailabilityCause();
        if (cause == null) {
            return "";
        }
        boolean absent = cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError;
        return "QUIC is not available here: "
                + (absent ? "netty-codec-native-quic is not on the class path" : cause.getMessage());
    }
}
