package io.larder.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The opening handshake of WebSocket (RFC 6455 §4): the one protocol that a connection may be switched to. */
public final class WebSocket {
    /** How it is called in {@code Upgrade}. */
    public static final String PROTOCOL = "websocket";

    private static final FieldName KEY = FieldName.of("Sec-WebSocket-Key");
    private static final FieldName ACCEPT = FieldName.of("Sec-WebSocket-Accept");
    private static final FieldNames ASKING = FieldNames.of(KEY);
    private static final FieldNames ACCEPTING = FieldNames.of(ACCEPT);
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3

    private WebSocket() {}

    /**
     * The protocol that a request of HTTP/1.1 without content asks to be switched to, if that is WebSocket and nothing else; null for
     * everything else, which is then answered as if it had not been asked for (RFC 9110 §7.8).
     */
    public static @Nullable String asked(String method, Headers headers) {
        if (!headers.contains(Fields.UPGRADE) || !method.equals("GET")) {
            return null;
        }
        boolean sole = PROTOCOL.equalsIgnoreCase(headers.combined(Fields.UPGRADE));
        return sole && headers.contains(KEY) && TokenList.contains(headers, Fields.CONNECTION, "upgrade")
                ? PROTOCOL
                : null;
    }

    /** Whether a 101 with {@code answered} is the answer to a request with {@code asked} (RFC 6455 §4.1). */
    public static boolean isAccepted(Headers asked, Headers answered) {
        String key = asked.combined(KEY);
        return key != null
                && PROTOCOL.equalsIgnoreCase(answered.combined(Fields.UPGRADE))
                && TokenList.contains(answered, Fields.CONNECTION, "upgrade")
                && accept(key).equals(answered.combined(ACCEPT));
    }

    /** A key for a handshake whose client needed none, out of 128 bits that were not used before (RFC 6455 §4.1, RFC 8441 §5). */
    public static String key(long high, long low) {
        byte[] nonce =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** The fields of an answer that accepts a handshake with {@code asked}, of a server that was sent no key (RFC 8441 §5). */
    public static Headers withAccept(Headers asked, Headers answered) {
        String key = asked.combined(KEY);
        Headers kept = answered.without(ACCEPTING);
        return key == null ? kept : kept.toBuilder().add(ACCEPT, accept(key)).build();
    }

    /** The fields of a handshake for a server that is sent no key (RFC 8441 §5). */
    public static Headers withoutKey(Headers asked) {
        return asked.without(ASKING);
    }

    /** The fields of an answer that accepts a handshake, for a client that sent no key (RFC 8441 §5). */
    public static Headers withoutAccept(Headers answered) {
        return answered.without(ACCEPTING);
    }

    /** What accepts a handshake with {@code key} (RFC 6455 §4.2.2). */
    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key.strip() + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }
}
