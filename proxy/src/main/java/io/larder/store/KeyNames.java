package io.larder.store;

import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A value: what all that belongs to a cache key is called in Redis. Every name bears the digest of the key as its tag, so
 * that it all lies on one server of a cluster.
 *
 * @param namespace what all names begin with
 */
record KeyNames(String namespace) {
    /** What is stored: a hash. */
    String object(String digest) {
        return name('o', digest);
    }

    /** What the names of the chunks beside it begin with. */
    String chunks(String digest) {
        return name('c', digest) + ':';
    }

    /** That it cannot be shared: there while that is so. */
    String unshareable(CacheKey key) {
        return name(key.isPersonal() ? 'p' : 'u', digest(key.impersonal()));
    }

    /** Both of those: for everybody, and for requests that tell who asks. */
    List<String> unshareable(String digest) {
        return List.of(name('u', digest), name('p', digest));
    }

    /** The lease of whoever fetches a variant of it. */
    String lease(CacheKey key, VaryKey variant) {
        String lease = name('l', digest(key));
        return variant.equals(VaryKey.NONE) ? lease : lease + ':' + field(variant);
    }

    /** The field in which a variant is stored. */
    static String field(VaryKey variant) {
        return hash(variant.identity());
    }

    static String digest(CacheKey key) {
        return hash(key.identity());
    }

    private String name(char kind, String digest) {
        return namespace + ':' + kind + ":{" + digest + '}';
    }

    /** 128 bits of SHA-256, in hexadecimal. */
    private static String hash(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(sha, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
