package io.larder.assembly;

import io.larder.fragment.GzipJoin;
import io.larder.fragment.GzipPart;
import io.larder.http.Bytes;
import io.larder.store.Derived;
import java.util.concurrent.RejectedExecutionException;

/**
 * As one gzip stream (RFC 1952), put together from what was compressed before: what is kept is compressed once, and what comes
 * only once is compressed quickly, if it is worth it at all.
 */
final class Gzipped implements Form {
    /** As for what is served often. */
    private static final int WELL = 6;

    /** As for what is served once. */
    private static final int FAST = 1;

    private static final long LITTLE = 512; // octets that are rather sent as they are
    private static final long MUCH = 32 * 1024; // octets that would hold up the loop

    /** Octets of one page that are compressed while the loop waits. */
    private static final long AT_ONCE = 128 * 1024;

    private final Materials materials;
    private final GzipJoin join = new GzipJoin();
    private long compressed;

    Gzipped(Materials materials) {
        this.materials = materials;
    }

    @Override
    public Bytes start() {
        return join.start();
    }

    @Override
    public Bytes piece(Bytes octets, boolean lasting) {
        if (octets.isEmpty()) {
            return Bytes.EMPTY;
        }
        return join.add(lasting && octets.length() >= LITTLE ? kept(octets) : passing(octets));
    }

    private GzipPart kept(Bytes octets) {
        GzipPart known = materials.prepared().parts().of(octets);
        if (known != null) {
            return known;
        }
        if (!mayCompress(octets)) {
            return prepared(octets);
        }
        GzipPart fresh = GzipPart.of(octets, WELL);
        materials.prepared().parts().keep(octets, fresh);
        return fresh;
    }

    /** As it is, for now; compressed for those who come later. */
    private GzipPart prepared(Bytes octets) {
        GzipPart stored = GzipPart.stored(octets);
        Derived<GzipPart> parts = materials.prepared().parts();
        parts.keep(octets, stored); // so that nobody else begins
        try {
            materials.worker().execute(() -> parts.keep(octets, GzipPart.of(octets, WELL)));
        } catch (RejectedExecutionException busy) {
            parts.forget(octets); // who comes later tries again
        }
        return stored;
    }

    private GzipPart passing(Bytes octets) {
        return octets.length() >= LITTLE && mayCompress(octets) ? GzipPart.of(octets, FAST) : GzipPart.stored(octets);
    }

    private boolean mayCompress(Bytes octets) {
        compressed += octets.length();
        return octets.length() <= MUCH && compressed <= AT_ONCE;
    }

    @Override
    public Bytes end() {
        return join.finish();
    }

    @Override
    public boolean isGzip() {
        return true;
    }
}
