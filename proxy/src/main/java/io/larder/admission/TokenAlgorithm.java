package io.larder.admission;

import org.jspecify.annotations.Nullable;

/** How tokens may be signed (RFC 7518 §3.1, RFC 8037 §3.1). None of these is a secret that the gateway would have to keep. */
public enum TokenAlgorithm {
    RS256("RS256", "SHA256withRSA"),
    ES256("ES256", "SHA256withECDSAinP1363Format"),
    EDDSA("EdDSA", "Ed25519");

    private final String code;
    private final String signature;

    TokenAlgorithm(String code, String signature) {
        this.code = code;
        this.signature = signature;
    }

    /** As it stands in a token. */
    public String code() {
        return code;
    }

    /** As Java calls it. */
    String signature() {
        return signature;
    }

    /** The one of that code; null for any other, {@code none} among them. */
    static @Nullable TokenAlgorithm of(String code) {
        for (TokenAlgorithm each : values()) {
            if (each.code.equals(code)) {
                return each;
            }
        }
        return null;
    }
}
