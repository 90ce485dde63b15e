package io.larder.app;

import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A server of WebSocket that sends back what it gets (RFC 6455). */
final class EchoSocket {
    private static final int CLOSE = 8;

    private EchoSocket() {}

    /** Accepts every handshake, and echoes until it is told to close, or {@code frames} have come. */
    static ScriptedOrigin.Script echoing(int frames) {
        return wire -> {
            String head = wire.nextRequest();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accept(field(head, "Sec-WebSocket-Key")) + "\r\n\r\n");
            for (int i = 0; i < frames && echo(wire); i++) {
                // the next
            }
        };
    }

    static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers whether another frame may follow. */
    private static boolean echo(ScriptedOrigin.Wire wire) throws IOException {
        int first = octet(wire);
        int length = octet(wire) & 0x7f;
        if (length == 126) {
            length = octet(wire) << 8 | octet(wire);
        } else if (length == 127) {
            wire.read(4);
            length = octet(wire) << 24 | octet(wire) << 16 | octet(wire) << 8 | octet(wire);
        }
        byte[] mask = wire.read(4).getBytes(StandardCharsets.ISO_8859_1);
        byte[] payload = wire.read(length).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        wire.send(header(first, length));
        wire.send(payload);
        return (first & 0x0f) != CLOSE;
    }

    private static byte[] header(int first, int length) {
        if (length < 126) {
            return new byte[] {(byte) first, (byte) length};
        }
        if (length < 1 << 16) {
            return new byte[] {(byte) first, 126, (byte) (length >> 8), (byte) length};
        }
        return new byte[] {
            (byte) first,
            127,
            0,
            0,
            0,
            0,
            (byte) (length >> 24),
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length
        };
    }

    private static int octet(ScriptedOrigin.Wire wire) throws IOException {
        String one = wire.read(1);
        if (one.isEmpty()) {
            throw new IOException("the client has gone");
        }
        return one.charAt(0);
    }
}
