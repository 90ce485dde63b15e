package io.larder.gateway;

import io.larder.exchange.Shared;
import io.larder.http.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What clients have shown lately that was good, so that it is not checked anew for each request. Kept are digests that nobody
 * can make who does not know this process's secret; each has one place, where the latest stays.
 */
@Shared
final class Proven {
    private static final int PLACES = 4096;

    private record Proof(Digest digest, Instant until) {}

    /** Of something that was shown. */
    record Digest(long first, long second, long third, long fourth) {}

    private final Bytes secret;
    private final AtomicReferenceArray<@Nullable Proof> proofs = new AtomicReferenceArray<>(PLACES);

    Proven(Bytes secret) {
        this.secret = secret;
    }

    /** @param under what it was shown for: the same text is another thing under something else */
    Digest digest(String shown, long under) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(secret.toArray());
            sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, under));
            ByteBuffer digest = ByteBuffer.wrap(sha.digest(shown.getBytes(StandardCharsets.UTF_8)));
            return new Digest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    boolean has(Digest digest, Instant now) {
        Proof proof = proofs.get(place(digest));
        return proof != null && proof.digest.equals(digest) && now.isBefore(proof.until);
    }

    void add(Digest digest, Instant until) {
        proofs.set(place(digest), new Proof(digest, until));
    }

    private static int place(Digest digest) {
        return (int) (digest.first & (PLACES - 1));
    }
}
