package io.larder.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The words by which clients are told, and tell us, to which server of one upstream they are bound. Who does not have the key can
 * neither make one nor learn from one what server it is about. Immutable.
 *
 * <p>A token is a version (1 octet), the server's tag (8), the second at which it ends (8), and a code over these and the upstream's
 * name (16), in the alphabet of URLs. Tag and code are HMAC-SHA-256, cut; what each is of begins with another octet, so that one
 * cannot be had for the other.
 */
public final class StickyTokens {
    /** A shorter key could be guessed. */
    public static final int LEAST_KEY = 16;

    private static final byte VERSION = 1;
    private static final byte OF_SERVER = 1;
    private static final byte OF_TOKEN = 2;
    private static final int CODE = 16;
    private static final int CONTENT = 1 + Long.BYTES + Long.BYTES;
    private static final int LENGTH = (CONTENT + CODE) / 3 * 4;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final byte[] upstream;
    private final Map<Long, String> servers = new HashMap<>(); // by tag

    /**
     * Those of an upstream's servers.
     *
     * @param key at least {@link #LEAST_KEY} octets; upstreams may share one
     * @param addresses as the exchange's journal and ties know them
     */
    public StickyTokens(byte[] key, String upstream, Collection<String> addresses) {
        if (key.length < LEAST_KEY) {
            throw new IllegalArgumentException("a key of " + key.length + " octets");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        byte[] name = upstream.getBytes(StandardCharsets.UTF_8);
        this.upstream = ByteBuffer.allocate(Integer.BYTES + name.length)
                .putInt(name.length)
                .put(name)
                .array();
        addresses.forEach(address -> servers.put(tag(address), address));
    }

    /** Whom a client is bound to, and for how long. */
    public record Bond(String server, Instant until) {}

    /** What {@code token} says; empty for one that says nothing that holds. */
    Optional<Bond> read(String token, Instant now) {
        byte[] octets = octets(token);
        if (octets.length != CONTENT + CODE) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOf(octets, CONTENT);
        if (!MessageDigest.isEqual(code(content), Arrays.copyOfRange(octets, CONTENT, octets.length))) {
            return Optional.empty();
        }
        ByteBuffer said = ByteBuffer.wrap(content, 1, CONTENT - 1);
        String server = servers.get(said.getLong());
        Instant until = Instant.ofEpochSecond(said.getLong());
        return content[0] == VERSION && server != null && now.isBefore(until)
                ? Optional.of(new Bond(server, until))
                : Optional.empty();
    }

    private static byte[] octets(String token) {
        try {
            return token.length() == LENGTH ? Base64.getUrlDecoder().decode(token) : new byte[0];
        } catch (IllegalArgumentException notInTheAlphabet) {
            return new byte[0];
        }
    }

    /** The token that binds to {@code server} until then; a server that has gone meanwhile may well be named. */
    String write(String server, Instant until) {
        byte[] content = ByteBuffer.allocate(CONTENT)
                .put(VERSION)
                .putLong(tag(server))
                .putLong(until.getEpochSecond())
                .array();
        byte[] token = ByteBuffer.allocate(CONTENT + CODE)
                .put(content)
                .put(code(content))
                .array();
        return Base64.getUrlEncoder().encodeToString(token);
    }

    private long tag(String server) {
        return ByteBuffer.wrap(mac(OF_SERVER, server.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private byte[] code(byte[] content) {
        return Arrays.copyOf(mac(OF_TOKEN, content), CODE);
    }

    private byte[] mac(byte of, byte[] what) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(of);
            mac.update(upstream);
            return mac.doFinal(what);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256, and takes any key for it", e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return "StickyTokens[" + servers.size() + " servers]";
    }
}
