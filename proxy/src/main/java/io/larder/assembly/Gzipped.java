package io.larder.assembly;

import io.larder.fragment.GzipJoin;
import io.larder.fragment.GzipPart;
import io.larder.http.Bytes;
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

    private final Materials materials;
    private final GzipJoin join = new GzipJoin();

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
        if (octets.length() > MUCH) {
            prepare(octets);
            return GzipPart.stored(octets);
        }
        GzipPart fresh = GzipPart.of(octets, WELL);
        materials.prepared().parts().keep(octets, fresh);
        return fresh;
    }

    /** For those who come later. */
    private void prepare(Bytes octets) {
        try {
            materials.worker().execute(() -> materials.prepared().parts().keep(octets, GzipPart.of(octets, WELL)));
        } catch (RejectedExecutionException closing) {
            return; // nobody comes later
        }
    }

    private static GzipPart passing(Bytes octets) {
        boolean worth = octets.length() >= LITTLE && octets.length() <= MUCH;
        return worth ? GzipPart.of(octets, FAST) : GzipPart.stored(octets);
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
