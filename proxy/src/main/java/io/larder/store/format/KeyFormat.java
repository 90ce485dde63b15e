package io.larder.store.format;

import io.larder.http.Authority;
import io.larder.policy.CacheKey;
import io.larder.store.format.EnvelopeReader.Unreadable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a key is written: in an envelope, and by itself where nodes tell each other of keys. By itself it has a version (1
 * octet) before it; both are laid out as {@link StoredFormat} tells.
 */
public final class KeyFormat {
    private static final int VERSION = 1;
    private static final int USUAL = 128; // octets

    private KeyFormat() {}

    /** {@code key} by itself. */
    public static byte[] encode(CacheKey key) {
        EnvelopeWriter out = new EnvelopeWriter(USUAL);
        write(key, out.number(VERSION, 1));
        return out.array();
    }

    /** The key that stands in {@code octets} by itself; empty where it is none that this node could have written. */
    public static Optional<CacheKey> decode(byte[] octets) {
        try {
            EnvelopeReader in = new EnvelopeReader(octets, 0, octets.length);
            if (in.number(1) != VERSION) {
                return Optional.empty();
            }
            CacheKey key = read(in);
            in.expectEnd();
            return Optional.of(key);
        } catch (Unreadable none) {
            return Optional.empty();
        }
    }

    static void write(CacheKey key, EnvelopeWriter out) {
        out.text(key.scheme())
                .text(key.authority().host())
                .number(key.authority().port(), 4);
        out.text(key.path()).text(key.query()).text(key.extras());
    }

    /** Whether {@code expected} is what comes next. */
    static boolean isNext(CacheKey expected, EnvelopeReader in) throws Unreadable {
        boolean same = in.text().equals(expected.scheme());
        same &= in.text().equals(expected.authority().host());
        same &= (int) in.number(4) == expected.authority().port();
        same &= in.text().equals(expected.path());
        same &= Objects.equals(in.textOrNull(), expected.query());
        same &= in.text().equals(expected.extras());
        return same;
    }

    private static CacheKey read(EnvelopeReader in) throws Unreadable {
        String scheme = in.text();
        Authority authority = authority(in.text(), (int) in.number(4));
        String path = in.text();
        String query = in.textOrNull();
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web || !authority.normalised(scheme).equals(authority) || !isPath(path)) {
            throw EnvelopeReader.malformed();
        }
        return CacheKey.of(scheme, authority, path, query, in.text());
    }

    private static Authority authority(String host, int port) throws Unreadable {
        Authority written = new Authority(host, port);
        Authority read = host.isEmpty() ? Authority.NONE : parsed(written);
        if (!written.equals(read)) {
            throw EnvelopeReader.malformed();
        }
        return written;
    }

    private static @Nullable Authority parsed(Authority written) {
        boolean usual = written.port() == Authority.NO_PORT;
        return Authority.parse(usual ? written.host() : written.host() + ":" + written.port());
    }

    /** A query never is in a path: the two could be told apart in no URL. */
    private static boolean isPath(String path) {
        return path.startsWith("/") && path.indexOf('?') < 0;
    }
}
